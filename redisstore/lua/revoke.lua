-- KEYS: a subject's list, then sessions. ARGV: now, rev, the subject, then id
-- and digest of each session's device. For each device it returns 'ended', or
-- 'gone' if there is nothing to end, 'moved' if the device is another session
-- by now, 'locked' if the session is on its way to another key.
local now, rev, subject = unpack(ARGV, 1, 3)
local what = {}
for i = 2, #KEYS do
  local id, digest = ARGV[2 * i], ARGV[2 * i + 1]
  local entry = redis.call('HGET', KEYS[1], 'd:' .. id)
  local same = is_of(entry, digest)
  local h = read('HMGET', KEYS[i], 'rev', 'ended', 'expires', 'subject', 'device', 'to') or {}
  if h[1] == rev then
    what[i - 1] = 'ended' -- by an attempt that got no answer
  elseif entry and not same then
    what[i - 1] = 'moved'
  elseif h[6] then
    what[i - 1] = 'locked'
  else
    what[i - 1] = 'gone'
    if same and lives(h[2], h[3], now) and h[4] == subject and h[5] == id then
      leave_mark(KEYS[i], now, rev, subject, id, false)
      what[i - 1] = 'ended'
    end
    if same then redis.call('HDEL', KEYS[1], 'd:' .. id) end
  end
end
return what
