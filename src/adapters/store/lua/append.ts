import { ZONE } from './zone.ts';

/**
 * Commits entries with all that hangs on them, or refuses and writes nothing: every check comes before the first write.
 *
 * KEYS 6–8: the zone's open and recent operations, the operation's entries; 9, only where the message counts once: its
 * mark. The feed and the installation's operations and zones are no KEYS on purpose: Redis asks read and write permission
 * for each KEY of a script, and a worker of a zone has to write these without reading them. They are written first, so
 * that a missing permission leaves no operation behind.
 * ARGV 1: what to do, as JSON; from 2 on: the texts of the entries.
 * Answers kind, sequence, digest, clock and claims revision as they are afterwards; of a store that is read-only, why,
 * in the digest's place.
 */
export const APPEND = `${ZONE}
local open, recent, entries, seen = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local what = cjson.decode(ARGV[1])
local op = what.op
local head = load(op)
local revision = claims_revision()

local function answer(kind)
  return { kind, head and head.seq or 0, head and head.digest or what.genesis, now, revision }
end

if read_only and not what.evenReadOnly then return { 'read-only', 0, read_only, now, revision } end
if seen and redis.call('EXISTS', seen) == 1 then return answer('seen-before') end
if what.creates and head then return answer('seq-moved') end
if not what.creates and not head then return answer('seq-moved') end
if what.epoch and not (head and head.nonce and head.epoch == what.epoch) then return answer('lease-lost') end
if what.guard and what.guard ~= (head and head.seq or 0) then return answer('seq-moved') end
if what.claims and what.claims ~= revision then return answer('claims-moved') end
if not head then head = { seq = 0, digest = what.genesis, epoch = 0 } end
if what.seq ~= head.seq or what.prev ~= head.digest or math.abs(now - what.at) > what.tolerance then
  return answer('behind')
end

-- An id is used once in all zones. Only this writes it, so that it is the last check and the first write.
if what.creates and redis.call('HSETNX', what.operations, op, what.zone) == 0 then return answer('seq-moved') end
local id
for seq = head.seq, head.seq + #ARGV - 2 do
  id = redis.call('XADD', what.feed, '*', 'op', op, 'zone', what.zone, 'seq', seq)
end
if #ARGV > 1 then redis.call('RPUSH', entries, unpack(ARGV, 2)) end
if seen then redis.call('SET', seen, op, 'PX', what.seenForMs) end
if what.creates then
  local ms, nth = string.match(id, '(%d+)-(%d+)')
  local order = string.format('%.0f', tonumber(ms) * 4096 + tonumber(nth) % 4096)
  redis.call('SADD', what.zones, what.zone)
  redis.call('ZADD', open, order, op)
  redis.call('ZADD', recent, order, op)
end

local own_field = 'op:' .. op
local own_text = redis.call('HGET', claims, own_field)
local own = own_text and cjson.decode(own_text) or {}
local taken, freed = false, {}

local function take(claim)
  if own[claim] then return end
  own[claim] = now
  taken = true
end

local function free(claim)
  if not own[claim] then return end
  own[claim] = nil
  freed[#freed + 1] = claim
end

local function join_queue(wanted)
  local text = redis.call('HGET', queue, op)
  local waiter = text and cjson.decode(text)
  if not waiter then waiter = { nth = redis.call('HINCRBY', queue, '#', 1), since = now } end
  waiter.claims = wanted
  redis.call('HSET', queue, op, cjson.encode(waiter))
end

-- Whoever stood behind has another place now.
local function leave_queue()
  local text = redis.call('HGET', queue, op)
  if not text then return end
  redis.call('HDEL', queue, op)
  for _, wanted in ipairs(cjson.decode(text).claims) do freed[#freed + 1] = wanted end
end

for _, effect in ipairs(head.ended and {} or what.effects) do
  if effect.kind == 'claims-awaited' then
    join_queue(effect.claims)
  elseif effect.kind == 'claimed' then
    leave_queue()
    for _, claim in ipairs(effect.claims) do take(claim) end
  elseif effect.kind == 'released' then
    for _, claim in ipairs(effect.claims) do free(claim) end
  elseif effect.kind == 'kept' then
    if effect.lock then
      effect.lock.since = now
      redis.call('HSET', claims, 'hand:' .. effect.key, cjson.encode(effect.lock))
    else
      redis.call('HDEL', claims, 'hand:' .. effect.key)
    end
  elseif effect.kind == 'taken-over' then
    -- Whoever holds it never lets go of it cleanly, so the next one finds out what was under way.
    head.epoch = head.epoch + 1
    if head.nonce then head.nonce, head.leaseEnd = 'taken over', now end
  elseif effect.kind == 'ended' then
    head.ended = true
    for claim in pairs(own) do free(claim) end
    leave_queue()
    redis.call('ZREM', due, op)
    redis.call('ZREM', open, op)
    break
  end
end
-- What is freed makes no grant wrong: what would be held then is part of what was judged. So it makes none stale.
if taken then revision = claims_changed(op) end
if taken or #freed > 0 then
  if next(own) then
    redis.call('HSET', claims, own_field, cjson.encode(own))
  else
    redis.call('HDEL', claims, own_field)
  end
end

-- Whoever held it in a history that was lost had epochs that this one knows nothing of.
if what.evenReadOnly then head.epoch = head.epoch + 1000 end

head.seq = head.seq + #ARGV - 1
head.digest = what.digest
if not what.epoch and not head.ended then
  if head.nonce then head.poked = true end
  if not is_held(head) then
    if what.due == cjson.null then redis.call('ZREM', due, op)
    else due_at(op, now + (what.due or 0)) end
  end
end
save(op, head)
for _, other in ipairs(what.wake) do wake(other) end
if #freed > 0 then wake_waiting(freed) end
return answer('ok')
`;
