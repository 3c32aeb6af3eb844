-- KEYS: the session; its successor; then, as kind says, the list of the
-- subject that both have ('renew'), of the one who signs in and, if there was
-- one, of the one before ('in'), or of the one who leaves ('out').
-- ARGV: now, rev, the revision that the session must have, kind, the old
-- digest, the successor's digest, what the mark is to say of it, the device's
-- id before and after, the device's entry, created, expires, ends, then the
-- successor's fields and values.
local now, rev, from, kind, old, new, next, was, id, entry, created, expires, ends = unpack(ARGV, 1, 13)
local h = redis.call('HMGET', KEYS[1], 'rev', 'ended', 'expires', 'to', 'subject', 'device')
if h[1] == rev then return { 'ok' } end
if not lives(h[2], h[3], now) or h[4] or h[1] ~= from then
  return { 'found', redis.call('HGETALL', KEYS[1]) }
end

local renewed, leaves
if kind == 'renew' then
  renewed = redis.call('HGET', KEYS[3], 'd:' .. id)
  if not is_of(renewed, old) then return { 'gone' } end
elseif kind == 'in' then
  local at = revoked_since(KEYS[3], created)
  if at then return { 'revoked', at } end
  leaves = KEYS[4]
elseif kind == 'out' then
  leaves = KEYS[3]
end
if leaves then redis.call('HLEN', leaves) end -- fails here rather than half-way
if redis.call('EXISTS', KEYS[2]) == 1 then return { 'taken' } end

leave_mark(KEYS[1], now, rev, h[5], h[6], next)
put_session(KEYS[2], 14, expires, now)
if leaves then redis.call('HDEL', leaves, 'd:' .. was) end
if kind == 'renew' then
  local label = string.match(renewed, '^%S+ %d+ (.*)$') or ''
  list_device(KEYS[3], id, new .. ' ' .. ends .. ' ' .. label, ends, now)
elseif kind == 'in' then
  list_device(KEYS[3], id, entry, ends, now)
end
return { 'ok' }
