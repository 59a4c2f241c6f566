-- balance --
-- What a facility has of each lot, in doses: the sum of its movements. A lot that came and went stands with 0.
SELECT lot.id, lot.product, lot.number, lot.expires_on, lot.held_since, lot.hold_reason,
       sum(movement.doses)::integer AS doses
FROM stock_stockmovement movement
JOIN stock_lot lot ON lot.id = movement.lot_id
WHERE movement.facility_id = %(facility)s
GROUP BY lot.id
ORDER BY lot.product, lot.expires_on, lot.number;

-- taken --
-- What one entry of the ledger moved of a facility's lot, all together: -1 while it has its dose.
SELECT coalesce(sum(movement.doses), 0)::integer AS doses
FROM stock_stockmovement movement
WHERE movement.facility_id = %(facility)s AND movement.lot_id = %(lot)s AND movement.dose_id = %(dose)s;
