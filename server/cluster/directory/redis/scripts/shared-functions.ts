/** Time, changes, nodes and their leases. */
export const nodeFunctions = `
local P = KEYS[1]
local a = cjson.decode(ARGV[1])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- What was lost, wholly or by age, begins with another birth.
local function birth()
  redis.call('SET', P .. 'birth', clock[1] .. '.' .. clock[2], 'NX', 'PX', a.record)
  return redis.call('GET', P .. 'birth')
end

-- Tells those who watch.
local function tell(kind, id, detail)
  local sequence = redis.call('INCR', P .. 'sequence')
  birth()
  redis.call('XADD', P .. 'changes', 'MAXLEN', '~', a.kept, string.format('%.0f-0', sequence),
    'k', kind, 'i', id, 'd', detail)
  redis.call('PEXPIRE', P .. 'sequence', a.record)
  redis.call('PEXPIRE', P .. 'birth', a.record)
  redis.call('PEXPIRE', P .. 'changes', a.record)
end

local function put(key, score, member)
  redis.call('ZADD', key, score, member)
  redis.call('PEXPIRE', key, a.record)
end

local function epoch_after(stored, former)
  return math.max((stored or 0) + 1, (former or 0) + 1, now)
end

local function incarnation(id, epoch)
  return string.format('%s@%.0f', id, epoch)
end

local nodes = {}
local function node_of(id)
  if nodes[id] == nil then
    local raw = redis.call('GET', P .. 'node:' .. id)
    nodes[id] = raw and { raw = raw, node = cjson.decode(raw) } or false
  end
  return nodes[id]
end

-- The node, where this incarnation of it holds a lease.
local living = {}
local function alive(id, epoch)
  local name = incarnation(id, epoch)
  if living[name] == nil then
    local known = node_of(id)
    local lease = known and known.node.epoch == epoch and redis.call('ZSCORE', P .. 'leases', id)
    living[name] = lease and tonumber(lease) > now and known or false
  end
  return living[name]
end

local function save_node(node)
  local raw = cjson.encode(node)
  redis.call('SET', P .. 'node:' .. node.id, raw, 'PX', a.record)
  nodes[node.id] = { raw = raw, node = node }
  living = {}
end

local function serves(game)
  return P .. 'serves:' .. game.game .. ':' .. game.build
end

-- An incarnation is over: nothing is placed there, and its rooms are orphans.
local function bury(node)
  redis.call('ZREM', P .. 'leases', node.id)
  for _, game in ipairs(node.games) do redis.call('ZREM', serves(game), node.id) end
  local name = incarnation(node.id, node.epoch)
  if redis.call('EXISTS', P .. 'rooms-of:' .. name) == 1 then put(P .. 'dead', now, name) end
  tell('node-down', node.id, string.format('%.0f', node.epoch))
  living = {}
end

-- Leases end by time; whoever comes by sees to it.
local function bury_the_dead()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'leases', '-inf', now, 'LIMIT', 0, 16)) do
    local known = node_of(id)
    if known then bury(known.node) else redis.call('ZREM', P .. 'leases', id) end
  end
end
`;

/** Rooms and the indexes that they stand in. */
export const roomFunctions = `
local function room_key(id) return P .. 'room:' .. id end

local function room_of(id)
  local raw = redis.call('GET', room_key(id))
  if raw then return cjson.decode(raw), raw end
end

local function bucket_of(room)
  return room.game .. ':' .. room.build .. ':' .. room.filter
end

local function held_seats(id)
  local key = P .. 'holds:' .. id
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  return redis.call('ZCARD', key)
end

-- Puts a room among those that have seats (fullest last), or that may have some when a hold ends, or among neither.
local function offer(room)
  local bucket = bucket_of(room)
  local open, waiting = P .. 'open:' .. bucket, P .. 'waiting:' .. bucket
  local joinable = room.listed and not room.locked and room.state ~= 'restoring' and room.seats < room.maxSeats
  local taken = joinable and room.seats + held_seats(room.id)
  if joinable and taken < room.maxSeats then
    redis.call('ZREM', waiting, room.id)
    put(open, taken, room.id)
  else
    redis.call('ZREM', open, room.id)
    if joinable then
      local first = redis.call('ZRANGE', P .. 'holds:' .. room.id, 0, 0, 'WITHSCORES')
      put(waiting, first[2], room.id)
    else
      redis.call('ZREM', waiting, room.id)
    end
  end
end

local function lists_of(room)
  local keys = { P .. 'listed:' .. room.game, P .. 'listed:' .. room.game .. ':' .. room.filter }
  for _, tag in ipairs(room.tags) do keys[#keys + 1] = P .. 'tag:' .. room.game .. ':' .. tag end
  return keys
end

local function rooms_of(room)
  return P .. 'rooms-of:' .. incarnation(room.node, room.nodeEpoch)
end

local function leave_owner(room)
  local key = rooms_of(room)
  redis.call('ZREM', key, room.id)
  if redis.call('EXISTS', key) == 0 then
    redis.call('ZREM', P .. 'dead', incarnation(room.node, room.nodeEpoch))
  end
end

-- A claim's time is not prolonged by what is written meanwhile.
local function write_room(room, before)
  local raw = cjson.encode(room)
  if room.state ~= 'creating' then redis.call('SET', room_key(room.id), raw, 'PX', a.record)
  elseif before then redis.call('SET', room_key(room.id), raw, 'KEEPTTL')
  else redis.call('SET', room_key(room.id), raw, 'PX', a.claim) end
  return raw
end

-- Writes a room and its indexes; 'before' is what stood there, 'kind' what those who watch are told.
local function save_room(room, before, kind)
  local raw = write_room(room, before)
  local stale = {}
  if before then
    for _, key in ipairs(lists_of(before)) do stale[key] = true end
    if before.node ~= room.node or before.nodeEpoch ~= room.nodeEpoch then leave_owner(before) end
  end
  for _, key in ipairs(lists_of(room)) do
    stale[key] = nil
    if room.listed and room.state ~= 'creating' then put(key, 0, room.id) else redis.call('ZREM', key, room.id) end
  end
  for key in pairs(stale) do redis.call('ZREM', key, room.id) end
  -- When its owner is to look after it next: see renewNode.
  if room.state ~= 'creating' then put(rooms_of(room), now + a.record / 4, room.id)
  elseif not before then put(rooms_of(room), now + a.claim, room.id) end
  offer(room)
  if kind then tell(kind, room.id, room.game) end
  return raw
end

local function drop_room(room)
  redis.call('DEL', room_key(room.id), P .. 'holds:' .. room.id)
  local bucket = bucket_of(room)
  redis.call('ZREM', P .. 'open:' .. bucket, room.id)
  redis.call('ZREM', P .. 'waiting:' .. bucket, room.id)
  for _, key in ipairs(lists_of(room)) do redis.call('ZREM', key, room.id) end
  leave_owner(room)
  if room.state ~= 'creating' then tell('room-removed', room.id, room.game) end
end

-- The room that a.node may write, or the code that says why it may not.
local function written_room()
  if not alive(a.node, a.nodeEpoch) then return nil, 'lease-lost' end
  local room = room_of(a.id)
  if not room then return nil, 'no-such-room' end
  if room.node ~= a.node or room.nodeEpoch ~= a.nodeEpoch or room.epoch ~= a.epoch then return nil, 'stale-owner' end
  return room
end
`;
