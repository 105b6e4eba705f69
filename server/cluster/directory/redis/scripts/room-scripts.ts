import { script } from "./script.ts";

/** Makes a room known that runs already. */
export const createRoom = script(
  "createRoom",
  `
if not alive(a.node, a.nodeEpoch) then return { 'lease-lost' } end
local before, raw = room_of(a.room.id)
if before then
  if before.node == a.node and before.nodeEpoch == a.nodeEpoch then return { 'ok', raw } end
  return { 'room-exists' }
end
local room = a.room
room.node, room.nodeEpoch = a.node, a.nodeEpoch
room.epoch = epoch_after(0, a.formerEpoch)
room.createdAt = now
return { 'ok', save_room(room, nil, 'room-added') }
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
local function fits(id)
  for _, key in ipairs(lists) do
    if key ~= smallest and not redis.call('ZSCORE', key, id) then return end
  end
  local room, raw = room_of(id)
  if not room then
    redis.call('ZREM', smallest, id)
    return
  end
  if not alive(room.node, room.nodeEpoch) then return end
  if a.joinable then
    local owner = alive(room.node, room.nodeEpoch).node
    if room.state ~= 'open' or room.locked or room.seats >= room.maxSeats or owner.draining then return end
  end
  return raw
end
local found, examined = { 'ok', '' }, 0
local after = a.after and '(' .. a.after or '-'
while examined < 1000 do
  local wanted = math.min(a.limit + 2 - #found, 1000 - examined)
  local ids = redis.call('ZRANGEBYLEX', smallest, after, '+', 'LIMIT', 0, wanted)
  for _, id in ipairs(ids) do
    examined = examined + 1
    found[#found + 1] = fits(id)
  end
  if #ids < wanted then return found end
  after = '(' .. ids[#ids]
  if #found - 2 >= a.limit then break end
end
found[2] = string.sub(after, 2)
return found
`,
);

export const listOrphans = script(
  "listOrphans",
  `
bury_the_dead()
local found = { 'ok' }
for _, name in ipairs(redis.call('ZRANGE', P .. 'dead', 0, 99)) do
  local key = P .. 'rooms-of:' .. name
  for _, id in ipairs(redis.call('ZRANGE', key, 0, a.limit - #found)) do
    local room, raw = room_of(id)
    if not room then redis.call('ZREM', key, id)
    elseif room.state == 'creating' then drop_room(room)
    else found[#found + 1] = raw end
    if #found > a.limit then return found end
  end
  if redis.call('EXISTS', key) == 0 then redis.call('ZREM', P .. 'dead', name) end
end
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
