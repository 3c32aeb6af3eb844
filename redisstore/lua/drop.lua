-- KEYS: a subject's list. ARGV: a device's id, the digest that it must stand for.
if is_of(redis.call('HGET', KEYS[1], 'd:' .. ARGV[1]), ARGV[2]) then
  redis.call('HDEL', KEYS[1], 'd:' .. ARGV[1])
end
return { 'ok' }
