import { script } from "./script.ts";

export const registerNode = script(
  "registerNode",
  `
bury_the_dead()
local known = node_of(a.id)
if known and redis.call('ZSCORE', P .. 'leases', a.id) then bury(known.node) end
local node = a.registration
node.epoch = epoch_after(known and known.node.epoch, a.formerEpoch)
save_node(node)
put(P .. 'leases', now + a.lease, node.id)
for _, game in ipairs(node.games) do put(serves(game), 0, node.id) end
tell('node-up', node.id, '')
return { 'ok', string.format('%.0f', node.epoch) }
`,
);

/** Also keeps what the node owns from ageing away: a few of its rooms at a time, the longest untouched first. */
export const renewNode = script(
  "renewNode",
  `
local known = alive(a.node, a.nodeEpoch)
if not known then
  bury_the_dead()
  return { 'lease-lost' }
end
local node = known.node
local drains = a.draining and not node.draining
node.load = a.load
node.draining = node.draining or a.draining
save_node(node)
put(P .. 'leases', now + a.lease, node.id)
for _, game in ipairs(node.games) do
  if node.draining then redis.call('ZREM', serves(game), node.id) else put(serves(game), a.pressure, node.id) end
end
if drains then tell('node-changed', node.id, '') end
local key = P .. 'rooms-of:' .. incarnation(node.id, node.epoch)
redis.call('PEXPIRE', key, a.record)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, 100)) do
  local room = room_of(id)
  if not room then redis.call('ZREM', key, id)
  elseif room.state ~= 'creating' then save_room(room, room) end
end
bury_the_dead()
return { 'ok' }
`,
);

export const releaseNode = script(
  "releaseNode",
  `
local known = alive(a.node, a.nodeEpoch)
if known then bury(known.node) end
return { 'ok' }
`,
);

export const listNodes = script(
  "listNodes",
  `
bury_the_dead()
local found = { 'ok' }
for _, id in ipairs(redis.call('ZRANGE', P .. 'leases', 0, -1)) do
  local known = node_of(id)
  if known and alive(id, known.node.epoch) then found[#found + 1] = known.raw end
end
return found
`,
);

/** What happened behind a position; rooms as they are by now, so that each is told once. */
export const readChanges = script(
  "readChanges",
  `
bury_the_dead()
local birth = birth()
local last = tonumber(redis.call('GET', P .. 'sequence') or 0)
local function page(gap, at, changes)
  table.insert(changes, 1, string.format('%.0f', at))
  table.insert(changes, 1, birth)
  table.insert(changes, 1, gap)
  table.insert(changes, 1, 'ok')
  return changes
end
if not a.birth or a.birth ~= birth or a.sequence > last then return page('gap', last, {}) end
if a.sequence == last then return page('', last, {}) end
local entries = redis.call('XRANGE', P .. 'changes', string.format('%.0f-0', a.sequence + 1), '+', 'COUNT', a.limit)
if not entries[1] or entries[1][1] ~= string.format('%.0f-0', a.sequence + 1) then return page('gap', last, {}) end
local changes, places = {}, {}
for i, entry in ipairs(entries) do
  local kind, id, detail = entry[2][2], entry[2][4], entry[2][6]
  -- The last entry of a room stands for those before it; one that was added on this page is news to the reader.
  if string.sub(kind, 1, 5) == 'room-' then
    local before = places[id]
    if before then
      if changes[before].kind == 'room-added' and kind == 'room-changed' then kind = 'room-added' end
      changes[before] = false
    end
    places[id] = i
  end
  changes[i] = { kind = kind, id = id, detail = detail }
end
local told = {}
for i = 1, #entries do
  local change = changes[i]
  if change then
    local raw = ''
    if change.kind == 'room-added' or change.kind == 'room-changed' then
      raw = redis.call('GET', room_key(change.id))
    elseif change.kind == 'node-up' or change.kind == 'node-changed' then
      local known = node_of(change.id)
      raw = known and known.raw
    end
    -- What is gone by now has an entry of its own further on.
    if raw then
      told[#told + 1] = change.kind
      told[#told + 1] = change.id
      told[#told + 1] = change.detail
      told[#told + 1] = raw
    end
  end
end
return page('', a.sequence + #entries, told)
`,
);
