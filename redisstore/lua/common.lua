-- What every script begins with. A script reads and checks first and writes
-- last, since Redis does not undo what a script has done when it fails.
--
-- Times come and go as decimal text: "now", "created" and "ended" in
-- microseconds, "expires" and "ends" in seconds. A double holds them exactly for
-- some centuries, but tostring would round them.

-- whole is the number that the text s is, nil if it is none, or has more digits
-- than any time.
local function whole(s)
  if s and #s <= 18 and string.find(s, '^%d+$') then return tonumber(s) end
end

-- read is what the command says, or false where the key is no hash: one such
-- key must not hide all others.
local function read(...)
  local reply = redis.pcall(...)
  if type(reply) ~= 'table' or not reply.err then return reply end
  if string.find(reply.err, '^WRONGTYPE') then return false end
  error(reply)
end

-- lives tells whether there is a session that has neither ended nor expired.
local function lives(ended, expires, now)
  local e = whole(expires)
  return not ended and e and tonumber(now) < e * 1e6
end

-- keep has Redis remove the key after so many milliseconds. A hundred years
-- will do for what is meant to last longer.
local function keep(key, ms)
  redis.call('PEXPIRE', key, string.format('%.0f', math.min(ms, 3.2e12)))
end

-- ms_until is the time from now to the second t, in milliseconds.
local function ms_until(t, now)
  return whole(t) * 1e3 - math.floor(tonumber(now) / 1e3)
end

-- keep_session keeps a session until it expires, but for as long as a mark in
-- any case: a lock elsewhere may ask whether this session was ever stored.
local function keep_session(key, expires, now)
  keep(key, math.max(ms_until(expires, now), MARK_MS))
end

-- put_session stores a new session, its fields being ARGV[first] and on.
local function put_session(key, first, expires, now)
  for i = first, #ARGV, 1000 do
    redis.call('HSET', key, unpack(ARGV, i, math.min(i + 999, #ARGV)))
  end
  keep_session(key, expires, now)
end

-- leave_mark ends the session. Subject, device and next may be false.
local function leave_mark(key, ended, rev, subject, device, next)
  redis.call('DEL', key)
  redis.call('HSET', key, 'ended', ended, 'rev', rev)
  if subject then redis.call('HSET', key, 'subject', subject) end
  if device then redis.call('HSET', key, 'device', device) end
  if next then redis.call('HSET', key, 'next', next) end
  keep(key, MARK_MS)
end

-- is_of tells whether a device's entry stands for the session.
local function is_of(entry, digest)
  return entry and string.sub(entry, 1, #digest) == digest
end

-- revoked_since is the moment of the subject's revocation unless that was
-- before the sign-in began.
local function revoked_since(subject, created)
  local at = redis.call('HGET', subject, 'revoked')
  if at and (not whole(at) or whole(at) >= tonumber(created)) then return at end
end

-- keep_subject keeps a subject's list for so long, and longer if it is kept
-- longer already.
local function keep_subject(subject, ms)
  if redis.call('PTTL', subject) < ms then keep(subject, ms) end
end

-- list_device puts a device on its subject's list. A list that has grown loses
-- the devices whose sessions are past their absolute end. Clocks differ by some
-- minutes: no session may be off the list while somebody takes it for live.
local function list_device(subject, id, entry, ends, now)
  if redis.call('HLEN', subject) > 16 then
    local all = redis.call('HGETALL', subject)
    for i = 1, #all, 2 do
      local e = string.match(all[i + 1], '^%S+ (%d+) ')
      if string.sub(all[i], 1, 2) == 'd:' and e and tonumber(e) * 1e3 + MARK_MS <= tonumber(now) / 1e3 then
        redis.call('HDEL', subject, all[i])
      end
    end
  end
  redis.call('HSET', subject, 'd:' .. id, entry)
  keep_subject(subject, ms_until(ends, now) + MARK_MS)
end
