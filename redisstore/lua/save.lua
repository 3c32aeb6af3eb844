-- KEYS: the session; its subject's list, if it has one.
-- ARGV: now, rev, created, expires, ends, device's id, device's entry, then the
-- session's fields and values.
local now, rev, created, expires, ends, id, entry = unpack(ARGV, 1, 7)
if redis.call('EXISTS', KEYS[1]) == 1 then
  if redis.call('HGET', KEYS[1], 'rev') == rev then return { 'ok' } end
  if redis.call('HEXISTS', KEYS[1], 'never') == 1 then return { 'never' } end
  return { 'taken' }
end
if KEYS[2] then
  local at = revoked_since(KEYS[2], created)
  if at then return { 'revoked', at } end
end
put_session(KEYS[1], 8, expires, now)
if KEYS[2] then list_device(KEYS[2], id, entry, ends, now) end
return { 'ok' }
