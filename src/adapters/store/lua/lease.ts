import { FREE_ENDED } from './lock.ts';
import { ZONE } from './zone.ts';

/** ARGV: operation, nonce, lease in ms. Answers epoch, interrupted (0 or 1), sequence, digest and clock; or nothing. */
export const ACQUIRE = `${ZONE}
local op, nonce, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3])
local head = load(op)
if read_only or not head or head.ended or is_held(head) then return false end
local interrupted = head.nonce ~= nil
head.nonce, head.leaseEnd, head.poked = nonce, now + ttl, nil
head.interrupted = interrupted or nil
head.epoch = head.epoch + 1
save(op, head)
due_at(op, head.leaseEnd)
return { head.epoch, interrupted and 1 or 0, head.seq, head.digest, now }
`;

/** ARGV: operation, nonce, epoch, lease in ms. Answers 1, or 0 when the lease is somebody else's. */
export const RENEW = `${ZONE}
local op, nonce, epoch, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local head = load(op)
if not head or head.nonce ~= nonce or head.epoch ~= epoch then return 0 end
head.leaseEnd = now + ttl
save(op, head)
if not head.ended then due_at(op, head.leaseEnd) end
return 1
`;

/** ARGV: operation, nonce, epoch, and in how many ms it is due, empty for never. */
export const RELEASE = `${ZONE}
local op, nonce, epoch, in_ms = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local head = load(op)
if not head or head.nonce ~= nonce or head.epoch ~= epoch then return 0 end
if not head.ended then
  if head.poked then due_at(op, now)
  elseif in_ms then due_at(op, now + in_ms)
  else redis.call('ZREM', due, op) end
end
head.nonce, head.leaseEnd, head.poked = nil, nil, nil
save(op, head)
return 1
`;

/** ARGV: operation, nonce, and in how many ms it is due. Answers 1, or 0 when the lease is somebody else's. */
export const GIVE_BACK = `${ZONE}
local op, nonce, in_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
local head = load(op)
if not head or head.nonce ~= nonce then return 0 end
if not head.ended then due_at(op, head.poked and now or now + in_ms) end
if head.interrupted then head.leaseEnd = now
else head.nonce, head.leaseEnd, head.poked = nil, nil, nil end
save(op, head)
return 1
`;

/**
 * ARGV: at most how many. Answers operation, sequence and epoch of each, the longest due first. Whoever is held is due
 * when the lease ends and not before, so nobody here is held. Locks by hand that have ended are freed first.
 */
export const DUE = `${ZONE}${FREE_ENDED}
local found = {}
if read_only then return found end
free_ended()
for _, op in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[1])) do
  local head = load(op)
  found[#found + 1] = { op, head.seq, head.epoch }
end
return found
`;
