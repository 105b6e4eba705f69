/**
 * What a store asks of Redis, each atomic. One key, the prefix; the names of others are built from it, and its braces put
 * them into one slot. A checkpoint is a hash of `epoch` and `bytes`; `checkpoints` is a sorted set of their names by
 * the time that they end at.
 */
const isStale = `
local at = redis.call('HGET', key, 'epoch')
if at and tonumber(at) > tonumber(ARGV[2]) then return { 'stale' } end
`;

/** ARGV: name, epoch, bytes, how long it is kept in milliseconds. */
const save = `
local key, index = KEYS[1] .. 'checkpoint:' .. ARGV[1], KEYS[1] .. 'checkpoints'
${isStale}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', key, 'epoch', ARGV[2], 'bytes', ARGV[3])
redis.call('PEXPIRE', key, ARGV[4])
redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
redis.call('ZADD', index, now + ARGV[4], ARGV[1])
redis.call('PEXPIRE', index, ARGV[4])
return { 'saved' }
`;

/** ARGV: name. */
const load = `
local found = redis.call('HMGET', KEYS[1] .. 'checkpoint:' .. ARGV[1], 'epoch', 'bytes')
if not found[1] or not found[2] then return { 'none' } end
return { 'found', found[1], found[2] }
`;

/** ARGV: name, epoch. */
const remove = `
local key = KEYS[1] .. 'checkpoint:' .. ARGV[1]
${isStale}
redis.call('DEL', key)
redis.call('ZREM', KEYS[1] .. 'checkpoints', ARGV[1])
return { 'removed' }
`;

const list = `
local time = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1] .. 'checkpoints', '(' .. time[1] * 1000, '+inf')
`;

export const storeScripts = { save, load, remove, list } as const;

export type StoreScript = keyof typeof storeScripts;
