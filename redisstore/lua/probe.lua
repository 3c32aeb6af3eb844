-- KEYS: the successor that a lock names. ARGV: '1' to see to it that one that
-- is not there yet never will be.
if redis.call('EXISTS', KEYS[1]) == 1 then
  if redis.call('HEXISTS', KEYS[1], 'never') == 1 then return { 'never' } end
  return { 'there' }
end
if ARGV[1] ~= '1' then return { 'absent' } end
redis.call('HSET', KEYS[1], 'never', '1')
keep(KEYS[1], MARK_MS)
return { 'never' }
