import { script } from "./script.ts";

/**
 * Finds a room with a seat and holds it, or claims the creation of one on the least busy node. `again`: so many entries
 * were of rooms that are gone that others have their turn first; they are out of the index now.
 */
export const findOrCreate = script(
  "findOrCreate",
  `
local MOST_ENTRIES = 256
local function hold(room)
  local key = P .. 'holds:' .. room.id
  redis.call('ZADD', key, now + a.hold, a.holdId)
  redis.call('PEXPIRE', key, a.hold)
end

-- A room that this player may be sent to; what no longer belongs into the index goes out of it on the way.
local function seat()
  local bucket = a.room.game .. ':' .. a.room.build .. ':' .. a.room.filter
  local open, waiting = P .. 'open:' .. bucket, P .. 'waiting:' .. bucket
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', waiting, '-inf', now, 'LIMIT', 0, 32)) do
    local room = room_of(id)
    if room then offer(room) else redis.call('ZREM', waiting, id) end
  end
  local refused = {}
  for _, id in ipairs(a.except) do refused[id] = true end
  local skipped = 0
  for _ = 1, MOST_ENTRIES do
    local id = redis.call('ZREVRANGE', open, skipped, skipped)[1]
    if not id then return end
    local room, raw = room_of(id)
    local known = room and alive(room.node, room.nodeEpoch)
    if refused[id] then skipped = skipped + 1
    elseif not room then redis.call('ZREM', open, id)
    elseif not known and room.state == 'creating' then drop_room(room)
    elseif not known or known.node.draining then redis.call('ZREM', open, id)
    elseif room.seats + held_seats(id) >= room.maxSeats then offer(room)
    else
      hold(room)
      offer(room)
      return { 'ok', 'found', raw, known.raw }
    end
  end
  return { 'again' }
end

-- The least busy node that serves this build and has a place; it counts as a little busier from now on.
local function place()
  local key = serves(a.room)
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local known = node_of(id)
    known = known and alive(id, known.node.epoch)
    if not known then redis.call('ZREM', key, id)
    else
      local node = known.node
      local owned = redis.call('ZCARD', P .. 'rooms-of:' .. incarnation(id, node.epoch))
      if owned < node.maxRooms then
        for _, game in ipairs(node.games) do redis.call('ZINCRBY', serves(game), 1 / node.maxRooms, id) end
        return known
      end
    end
  end
end

if a.find then
  local found = seat()
  if found then return found end
end
if redis.call('EXISTS', room_key(a.room.id)) == 1 then return { 'room-exists' } end
local known = place()
if not known then return { 'no-node' } end
local room = a.room
room.node, room.nodeEpoch = known.node.id, known.node.epoch
room.epoch = epoch_after(0)
room.createdAt = now
if a.find then hold(room) end
return { 'ok', 'create', save_room(room), known.raw }
`,
);
