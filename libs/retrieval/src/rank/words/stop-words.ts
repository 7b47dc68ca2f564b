/** English words that tell nothing of a text's subject. They are neither indexed nor searched. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again against all also am an and any are as at be because been before being below between both
  but by can could did do does doing down during each few for from further had has have having he her here hers
  herself him himself his how i if in into is it its itself just may me might more most must my myself no nor not now
  of off on once only or other our ours ourselves out over own same shall she should so some such than that the their
  theirs them themselves then there these they this those through to too under until up upon us very was we were what
  when where whether which while who whom whose why will with would you your yours yourself yourselves
  s t d ll m re ve don doesn didn isn aren wasn weren hasn haven hadn won wouldn couldn shouldn`.split(/\s+/),
);
