-- KEYS: the session. ARGV: now, rev.
-- It goes by nothing but whether the session lives, so that one of a format
-- that this program doesn't know can be ended as well.
local now, rev = unpack(ARGV)
local h = redis.call('HMGET', KEYS[1], 'rev', 'ended', 'expires', 'subject', 'device', 'to')
if h[1] ~= rev then
  if not lives(h[2], h[3], now) or h[6] then return { 'found', redis.call('HGETALL', KEYS[1]) } end
  leave_mark(KEYS[1], now, rev, h[4], h[5], false)
end
return { 'ok', h[4] or '', h[5] or '' }
