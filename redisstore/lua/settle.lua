-- KEYS: the locked session; its subject's list, if it has one.
-- ARGV: now, rev, its successor, its digest, 'there' or 'never'.
local now, rev, to, digest, outcome = unpack(ARGV)
local h = redis.call('HMGET', KEYS[1], 'to', 'toAt', 'expires', 'subject', 'device')
if h[1] ~= to then return { 'ok' } end -- somebody else was faster
local entry = KEYS[2] and h[5] and redis.call('HGET', KEYS[2], 'd:' .. h[5])
if outcome == 'never' then
  redis.call('HDEL', KEYS[1], 'to', 'toAt')
  keep_session(KEYS[1], h[3], now)
  return { 'ok' }
end
leave_mark(KEYS[1], h[2], rev, h[4], h[5], to)
if is_of(entry, digest) then redis.call('HDEL', KEYS[2], 'd:' .. h[5]) end
return { 'ok' }
