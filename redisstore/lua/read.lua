-- KEYS: any. ARGV: the fields to read, none for all. It returns one list a
-- key, nothing for a key that is no hash.
--
-- It writes nothing, and yet is not declared so: a replica must refuse it. What
-- a replica has may be old, and a master that lost its place is one.
local found = {}
for i, key in ipairs(KEYS) do
  if #ARGV == 0 then
    found[i] = read('HGETALL', key)
  else
    found[i] = read('HMGET', key, unpack(ARGV))
  end
end
return found
