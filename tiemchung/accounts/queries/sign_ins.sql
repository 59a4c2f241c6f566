-- sign_in prepared --
-- The sign-in of a browser's key, as long as it goes on, and the account that signed in there, if one did.
SELECT sign_in.session_key AS key, sign_in.session_data AS content, sign_in.since, sign_in.seen_at,
       account.id, account.username, account.password, account.last_login, account.display_name, account.folded,
       account.role, account.facility_id, account.area_id, account.created_at, account.expires_on, account.closed_on,
       account.suspended_at, account.not_resumed_by, account.away_from, account.away_until
FROM accounts_signin sign_in
LEFT JOIN accounts_account account ON account.id = sign_in.account_id
WHERE sign_in.session_key = %(key)s AND sign_in.expire_date > %(now)s;
