-- KEYS: the session.
-- ARGV: now, rev, expires, version, '1' to drop every field first, how many
-- arguments there are of each kind, then those: fields to set with their
-- values, fields to delete, fields to expect with their values, fields to
-- expect absent.
local now, rev, expires, version, replace = unpack(ARGV, 1, 5)
local set, del, expect = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local key = KEYS[1]

local h = redis.call('HMGET', key, 'rev', 'ended', 'expires', 'ends', 'v', 'to', 'created', 'subject', 'device')
if h[1] == rev then return { 'ok' } end

-- sound tells whether Load would take the hash for a session.
local function sound()
  return h[5] == version and (h[1] or '') ~= '' and whole(h[7]) and whole(h[4])
    and whole(h[3]) <= whole(h[4]) and ((h[8] or '') == '') == ((h[9] or '') == '')
end

local function holds()
  if not lives(h[2], h[3], now) or h[6] or not sound() then return false end
  local i = 9 + set + del
  for n = i, i + expect - 1, 2 do
    if redis.call('HGET', key, ARGV[n]) ~= ARGV[n + 1] then return false end
  end
  for n = i + expect, #ARGV do
    if redis.call('HEXISTS', key, ARGV[n]) == 1 then return false end
  end
  return true
end
if not holds() then return { 'found', redis.call('HGETALL', key) } end

if replace == '1' then
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, 2) == 'f:' then redis.call('HDEL', key, field) end
  end
end
for n = 9, 8 + set, 2 do redis.call('HSET', key, ARGV[n], ARGV[n + 1]) end
for n = 9 + set, 8 + set + del do redis.call('HDEL', key, ARGV[n]) end
if whole(expires) > whole(h[4]) then expires = h[4] end
redis.call('HSET', key, 'rev', rev, 'expires', expires)
keep_session(key, expires, now)
return { 'ok' }
