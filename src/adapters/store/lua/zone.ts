/**
 * The beginning of every script that writes in a zone. KEYS 1–4 are the zone's heads (operation → JSON), its due index,
 * its claims (`#` the revision, `op:…` and `hand:…` the holders) and the set of operations that wait for claims.
 * A head knows `seq`, `digest`, `epoch`, `ended`; of a lease `nonce` and `leaseEnd`, which stay until a clean release, so
 * that the next one knows whether there was none; and `poked`: somebody wrote or woke before its holder let go, so that
 * the holder may not have seen why, also one whose lease has run out and whom nobody has replaced.
 */
export const ZONE = `
local heads, due, claims, awaiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function load(op)
  local text = redis.call('HGET', heads, op)
  return text and cjson.decode(text) or nil
end

local function save(op, head)
  redis.call('HSET', heads, op, cjson.encode(head))
end

local function is_held(head)
  return head.nonce ~= nil and head.leaseEnd > now
end

local function due_at(op, at)
  redis.call('ZADD', due, string.format('%.0f', at), op)
end

local function wake(op)
  local head = load(op)
  if not head or head.ended then return end
  if not is_held(head) then due_at(op, now) end
  if not head.nonce then return end
  head.poked = true
  save(op, head)
end

local function claims_revision()
  return redis.call('HGET', claims, '#') or '0 '
end

-- As revisionAfter in jobs/journal/claims-revision.ts: how many changes there were, and who made the last.
local function claims_changed(by)
  local revision = string.format('%d %s', tonumber(string.match(claims_revision(), '^%d+')) + 1, by)
  redis.call('HSET', claims, '#', revision)
  return revision
end

local function wake_awaiting()
  for _, op in ipairs(redis.call('SMEMBERS', awaiting)) do wake(op) end
end
`;
