import { REMADE_MS } from "../../directory-options.ts";
import { script } from "./script.ts";

/** Makes a room known that runs already. */
export const createRoom = script(
  "createRoom",
  `
if not alive(a.node, a.nodeEpoch) then return { 'lease-lost' } end
local before, raw = room_of(a.room.id)
if before then
  if before.node == a.node and before.nodeEpoch == a.nodeEpoch then return { 'ok', raw } end
  local later = a.formerEpoch and a.formerEpoch > (before.former or 0)
  if not later or now - before.createdAt >= ${REMADE_MS} then return { 'room-exists' } end
end
local room = a.room
room.node, room.nodeEpoch = a.node, a.nodeEpoch
room.former = a.formerEpoch
room.epoch = epoch_after(before and before.epoch or 0, a.formerEpoch)
room.createdAt = before and before.createdAt or now
return { 'ok', save_room(room, before, before and 'room-changed' or 'room-added') }
`,
);

export const updateRoom = script(
  "updateRoom",
  `
local before, code = written_room()
if not before then return { code } end
local room = room_of(a.id)
for name, value in pairs(a.changes) do room[name] = value end
if #a.settled > 0 then redis.call('ZREM', P .. 'holds:' .. a.id, unpack(a.settled)) end
return { 'ok', save_room(room, before, before.state == 'creating' and room.state ~= 'creating' and 'room-added'
  or room.state ~= 'creating' and 'room-changed') }
`,
);

export const removeRoom = script(
  "removeRoom",
  `
local room, code = written_room()
if code == 'no-such-room' then return { 'ok' } end
if not room then return { code } end
drop_room(room)
return { 'ok' }
`,
);

export const transferRoom = script(
  "transferRoom",
  `
local before, code = written_room()
if not before then
  -- Repeated: it has arrived there.
  local room, raw = room_of(a.id)
  local arrived = code == 'stale-owner' and room.node == a.to and room.nodeEpoch == a.toEpoch and room.former == a.epoch
  return arrived and { 'ok', raw } or { code }
end
local known = alive(a.to, a.toEpoch)
local takes = false
for _, game in ipairs(known and known.node.games or {}) do
  takes = takes or game.game == before.game and game.build == before.build
end
if not takes or known.node.draining then return { 'no-node' } end
local room = room_of(a.id)
room.former = room.epoch
room.node, room.nodeEpoch = a.to, a.toEpoch
room.epoch = epoch_after(room.epoch)
room.state = 'restoring'
return { 'ok', save_room(room, before, 'room-changed') }
`,
);

export const readRoom = script(
  "readRoom",
  `
local room, raw = room_of(a.id)
if not room then return { 'no-such-room' } end
local known = alive(room.node, room.nodeEpoch)
return { 'ok', raw, known and known.raw or '' }
`,
);

/** A page of the smallest index that fits, each room checked against the others before it is read. */
export const listRooms = script(
  "listRooms",
  `
local lists = { P .. 'listed:' .. a.game }
if a.filter then lists[#lists + 1] = lists[1] .. ':' .. a.filter end
for _, tag in ipairs(a.tags) do lists[#lists + 1] = P .. 'tag:' .. a.game .. ':' .. tag end
local smallest, size = lists[1], redis.call('ZCARD', lists[1])
for _, key in ipairs(lists) do
  local count = redis.call('ZCARD', key)
  if count < size then smallest, size = key, count end
end
-- Which of these stand in every other index, too: a call for each index, not for each room.
local function common(ids)
  local inside = {}
  for i = 1, #ids do inside[i] = true end
  for _, key in ipairs(lists) do
    if key ~= smallest then
      for i, score in ipairs(redis.call('ZMSCORE', key, unpack(ids))) do inside[i] = inside[i] and score end
    end
  end
  return inside
end
local function wanted(id)
  local room, raw = room_of(id)
  if not room then
    redis.call('ZREM', smallest, id)
    return
  end
  local known = alive(room.node, room.nodeEpoch)
  if not known then return end
  if a.joinable and (room.state ~= 'open' or room.locked or room.seats >= room.maxSeats or known.node.draining) then
    return
  end
  return raw
end
local found = { 'ok', '' }
local after = a.after and '(' .. a.after or '-'
for _ = 1, 10 do
  local ids = redis.call('ZRANGEBYLEX', smallest, after, '+', 'LIMIT', 0, 100)
  local inside = #ids > 0 and common(ids)
  for i, id in ipairs(ids) do
    if inside[i] then found[#found + 1] = wanted(id) end
    if #found == a.limit + 2 then
      found[2] = id
      return found
    end
  end
  if #ids < 100 then
    found[2] = ''
    return found
  end
  found[2] = ids[#ids]
  after = '(' .. found[2]
end
return found
`,
);

/** `again`: so many claims of dead nodes were dropped that others have their turn first. */
export const listOrphans = script(
  "listOrphans",
  `
bury_the_dead()
local MOST_DROPPED = 2000
local found, dropped = { 'ok' }, 0
local function collect(key)
  local passed = 0
  while #found <= a.limit and dropped < MOST_DROPPED do
    local ids = redis.call('ZRANGE', key, passed, passed + 99)
    for _, id in ipairs(ids) do
      local room, raw = room_of(id)
      if room and room.state ~= 'creating' then
        passed = passed + 1
        if #found <= a.limit then found[#found + 1] = raw end
      else
        dropped = dropped + 1
        if room then drop_room(room) else redis.call('ZREM', key, id) end
      end
    end
    if #ids < 100 then return end
  end
end
for _, name in ipairs(redis.call('ZRANGE', P .. 'dead', 0, 99)) do
  local key = P .. 'rooms-of:' .. name
  collect(key)
  if redis.call('EXISTS', key) == 0 then redis.call('ZREM', P .. 'dead', name) end
end
if #found == 1 and dropped >= MOST_DROPPED then return { 'again' } end
return found
`,
);

export const claimRoom = script(
  "claimRoom",
  `
if not alive(a.node, a.nodeEpoch) then return { 'lease-lost' } end
local before, raw = room_of(a.id)
if not before then return { 'no-such-room' } end
if before.node == a.node and before.nodeEpoch == a.nodeEpoch and before.former == a.epoch then return { 'ok', raw } end
if before.epoch ~= a.epoch or alive(before.node, before.nodeEpoch) then return { 'room-taken' } end
if before.state == 'creating' then
  drop_room(before)
  return { 'no-such-room' }
end
bury_the_dead()
local room = room_of(a.id)
room.former = room.epoch
room.node, room.nodeEpoch = a.node, a.nodeEpoch
room.epoch = epoch_after(room.epoch)
room.timeline = room.timeline + 1
room.state = 'restoring'
return { 'ok', save_room(room, before, 'room-changed') }
`,
);
