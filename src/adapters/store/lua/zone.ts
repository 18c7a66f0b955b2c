/**
 * The beginning of every script that writes in a zone. KEYS 1–5 are the zone's heads (operation → JSON), its due index,
 * its claims (`#` the revision, `#until` when the first lock by hand ends, `op:…` and `hand:…` the holders), the queue of
 * operations that wait for claims (`#` counts who came, `op-…` the place and what is wanted), and why nothing may change
 * (absent where it may).
 * A head knows `seq`, `digest`, `epoch`, `ended`; of a lease `nonce` and `leaseEnd`, which stay until a clean release, so
 * that the next one knows whether there was none, and `interrupted`, what its holder was told of that; and `poked`: somebody wrote or woke before its holder let go, so that
 * the holder may not have seen why, also one whose lease has run out and whom nobody has replaced.
 */
export const ZONE = `
local heads, due, claims, queue = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local read_only = redis.call('GET', KEYS[5])
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

local function hash(key)
  local flat, found = redis.call('HGETALL', key), {}
  for at = 1, #flat, 2 do found[flat[at]] = flat[at + 1] end
  return found
end

local function waiting_in_order()
  local found = {}
  for op, text in pairs(hash(queue)) do
    if op ~= '#' then
      local waiter = cjson.decode(text)
      waiter.op = op
      found[#found + 1] = waiter
    end
  end
  table.sort(found, function(a, b) return a.nth < b.nth end)
  return found
end

-- As sharesWith in adapters/store/claim-effects.ts.
local function shares(a, b)
  if a.kind ~= b.kind then return false end
  if a.kind == 'budget' then return a.pool == b.pool end
  if a.kind == 'amount' then return a.of == b.of end
  return a.key == b.key or a.key:sub(1, 5) == 'pool/' or b.key:sub(1, 5) == 'pool/'
end

local function wants_some(waiter, freed)
  if #waiter.claims == 0 then return true end
  for _, wanted in ipairs(waiter.claims) do
    local claim = cjson.decode(wanted)
    for _, one in ipairs(freed) do
      if shares(claim, one) then return true end
    end
  end
  return false
end

-- Of those that want some of what was freed, the first; each that takes or leaves its place wakes the ones behind it.
local function wake_waiting(texts)
  local freed, woken = {}, 0
  for _, text in ipairs(texts) do freed[#freed + 1] = cjson.decode(text) end
  for _, waiter in ipairs(waiting_in_order()) do
    if woken < 8 and wants_some(waiter, freed) then
      wake(waiter.op)
      woken = woken + 1
    end
  end
end

local function wake_all_waiting()
  for _, waiter in ipairs(waiting_in_order()) do wake(waiter.op) end
end
`;
