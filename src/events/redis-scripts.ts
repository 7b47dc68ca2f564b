/**
 * KEYS: the topic's stream, its counters. ARGV: publisher, the publisher's own count, most events, TTL in ms, 1 where the
 * topic ends behind the events, then the data of each event. Gives the first one's sequence number, or -1 after the end.
 *
 * The stream's ids are `<sequence>-0`, so a reader resumes by number; the end is as END_SCRIPT makes it. An append that is
 * sent again because its answer was lost finds its publisher's count already noted and gives the same number; publishers
 * count across all topics and send in order, so one number each is enough.
 */
export const APPEND_SCRIPT = `
local noted = redis.call('HGET', KEYS[2], ARGV[1])
if noted then
  local count, first = string.match(noted, '^(%d+):(%d+)$')
  if tonumber(count) >= tonumber(ARGV[2]) then return tonumber(first) end
end
if redis.call('HEXISTS', KEYS[2], 'ended') == 1 then return -1 end
local events = #ARGV - 5
local last = redis.call('HINCRBY', KEYS[2], 'sequence', events)
local first = last - events + 1
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ':' .. first)
for index = 1, events do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], (first + index - 1) .. '-0', 'data', ARGV[index + 5])
end
if ARGV[5] == '1' then
  redis.call('HSET', KEYS[2], 'ended', '1')
  redis.call('XADD', KEYS[1], last .. '-1', 'end', '1')
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return first
`;

/** KEYS as above. ARGV: TTL in ms. The end is an entry `<last sequence>-1`, which takes no number from the events. */
export const END_SCRIPT = `
if redis.call('HSETNX', KEYS[2], 'ended', '1') == 0 then return 0 end
local sequence = redis.call('HGET', KEYS[2], 'sequence') or '0'
redis.call('XADD', KEYS[1], sequence .. '-1', 'end', '1')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1
`;

/** An entry of a stream as Redis answers it: its id and its fields with their values. */
export type StreamEntry = [id: string, fields: string[]];

/** The id right before the event after `sequence`, and before the end that follows `sequence`. */
export function idOf(sequence: number): string {
  return `${sequence}-0`;
}

/** Splits entries into events and whether the end is among them. */
export function parseEntries(entries: readonly StreamEntry[]): {
  events: { sequence: number; data: string }[];
  ended: boolean;
} {
  const events = entries
    .filter(([, [field]]) => field === 'data')
    .map(([id, [, data]]) => ({ sequence: Number.parseInt(id, 10), data: data ?? '' }));
  return { events, ended: events.length < entries.length };
}
