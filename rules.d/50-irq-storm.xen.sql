-- part-of: irq-storm
-- says: [limited] {object} came more than 10000 times in 10 ms, so that Xen switched it off until those were over{since}; a guest that
--   quiets the device should have ended that, owed by {who}
-- says: [fast] {object} is handled by Xen as fast as a storm; whether its guests quiet the device, only their own records tell{since}
-- could: [limited] kernel driver device
-- mend: [limited] what comes while it is switched off is lost, or delayed until the next interrupt: look at what its guest does with it
--   (a trace of that guest's irqs), and whether its mask or EOI reaches the device. irq_ratelimit=0 on Xen's command line switches the
--   limit off, and leaves the storm
-- param: limit_per_s = 10000
-- param: unclaimed_run = 99900
--
-- What Xen hands on. No device that is served comes a million times a second: what is over Xen's limit makes no progress. What is fast
-- is noted, unless the guest's own records say more: that is the same storm.
WITH storm AS (
  SELECT m.*, (SELECT count(*) FROM span s WHERE s.object = m.object AND s.component = 'xen_irq' AND s.field = 'rate'
                  AND s.state = 'exceeded') AS limited,
         (SELECT min(s.start_event) FROM span s WHERE s.object = m.object AND s.component = 'xen_irq' AND s.field = 'rate'
                  AND s.state = 'exceeded') AS limited_event
    FROM object_summary m JOIN object o ON o.id = m.object AND o.kind = 'xirq'),
many AS (SELECT object FROM storm WHERE limited OR busiest_second >= :limit_per_s),
-- Its guests' irqs: by pirq and event channel, or what of them is known.
led AS (
  SELECT y.object AS storm, a.fed AS object FROM many y JOIN link a ON a.feeder = y.object
  UNION SELECT y.object, b.fed FROM many y JOIN link a ON a.feeder = y.object JOIN link b ON b.feeder = a.fed
  UNION SELECT y.object, c.fed FROM many y JOIN link a ON a.feeder = y.object JOIN link b ON b.feeder = a.fed
                               JOIN link c ON c.feeder = b.fed),
told AS (
  SELECT r.storm FROM led r JOIN object i ON i.id = r.object AND i.kind = 'irq' JOIN object_summary m ON m.object = i.id
   WHERE m.unhandled_run >= :unclaimed_run OR EXISTS (
         SELECT 1 FROM span s WHERE s.object = i.id AND s.component = 'irq' AND s.field = 'spurious_disabled' AND s.state = 'yes'))
SELECT t.object, 'fail' AS verdict, NULL AS reason, coalesce(t.limited_event, t.busiest_event) AS first_event,
       coalesce(t.limited_event, t.busiest_event) AS last_event, t.first_ns AS start_ns, t.last_ns AS end_ns,
       json_array(json_object('event', coalesce(t.limited_event, t.busiest_event), 'role', 'cause')) AS events, NULL AS layer,
       CASE WHEN t.limited THEN 'limited' ELSE 'fast' END AS signature, CASE WHEN t.limited THEN 'unrecorded' END AS blame,
       NULL AS missing, CASE WHEN t.limited THEN 'error' ELSE 'note' END AS severity
  FROM storm t WHERE (t.limited OR t.busiest_second >= :limit_per_s) AND t.object NOT IN (SELECT storm FROM told)
UNION ALL
SELECT t.object, 'pass', NULL, t.first_event, t.last_event, t.first_ns, t.last_ns, NULL, NULL, NULL, NULL, NULL, NULL
  FROM storm t WHERE t.deliveries > 0 AND NOT t.limited AND t.busiest_second < :limit_per_s
