-- KEYS: a subject's list. ARGV: now. It writes down the revocation and returns
-- its moment, or that of a later one that is there already, and the list.
local now = ARGV[1]
local at = redis.call('HGET', KEYS[1], 'revoked')
if not at or not whole(at) or whole(at) < tonumber(now) then
  at = now
  redis.call('HSET', KEYS[1], 'revoked', now)
end
keep_subject(KEYS[1], REVOCATION_MS)
return { 'ok', at, redis.call('HGETALL', KEYS[1]) }
