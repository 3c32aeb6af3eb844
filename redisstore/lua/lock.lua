-- KEYS: the session. ARGV: now, the revision that it must have, its successor.
-- The session goes on living: only nobody changes it before the lock is settled.
local now, from, to = unpack(ARGV)
local h = redis.call('HMGET', KEYS[1], 'rev', 'ended', 'expires', 'to')
if h[4] == to then return { 'ok' } end
if not lives(h[2], h[3], now) or h[4] or h[1] ~= from then
  return { 'found', redis.call('HGETALL', KEYS[1]) }
end
redis.call('HSET', KEYS[1], 'to', to, 'toAt', now)
keep(KEYS[1], LOCK_MS)
return { 'ok' }
