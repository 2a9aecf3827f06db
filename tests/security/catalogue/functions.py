"""What runs with other rights than its caller's, or by itself."""

from tests.security.catalogue.rule import OUR_SCHEMAS, Rule

APP_MAY_CALL = {
    "directory.start_registration(uuid,uuid,text,text,text,text,jsonb,text,timestamp with time zone)": "new ids only",
    "directory.forget_registration(uuid)": "the exact id",
    "directory.latest_registration(text)": "the exact address",
    "directory.issue_code(uuid,bytea,timestamp with time zone)": "the exact registration",
    "directory.try_code(text,bytea,timestamp with time zone,integer)": "the exact address and code",
    "directory.complete_registration(uuid,bytea,uuid,uuid,text[],timestamp with time zone)": "the exact code",
    "directory.credentials(text)": "the exact address",
    "directory.open_session(text,text,text,uuid,bytea,jsonb)": "the exact address and hash",
    "directory.access(uuid)": "the exact session",
    "directory.add_route(text,bytea,uuid)": "leads a free digest to the bound tenant",
    "directory.find_route(text,bytea)": "the exact digest",
    "directory.language_of_registration(uuid)": "the exact registration",
    "directory.remove_route(text,bytea)": "the exact digest, of the bound tenant",
    "directory.count_attempt(text,bytea,integer,integer)": "the exact digest",
    "directory.count_login(bytea,bytea,integer,integer)": "the exact digests",
    "directory.note_login(bytea,bytea)": "the exact digests",
    "directory.note_security_event(uuid,timestamp with time zone,text,text,text,text,text)": "adds a line",
    "directory.address_of(uuid)": "the exact session",
    "directory.is_fresh(uuid,interval)": "the exact session",
    "directory.change_password(uuid,text,text)": "the exact session and hash",
    "directory.home_of(text)": "the exact address",
    "directory.issue_reset(uuid,bytea,interval)": "the exact account; it answers with its address",
    "directory.renew_hash(uuid,text,text)": "the exact account and hash",
    "directory.reset_of(bytea)": "the exact token",
    "directory.reset_password(bytea,text)": "the exact token",
    "directory.admits(text,text)": "the exact address and slug",
    "directory.claim_of(uuid)": "the exact registration",
    "directory.complete_joining(uuid,bytea,uuid,uuid,timestamp with time zone)": "the exact code",
    "directory.found_tenant(uuid,uuid,uuid,text,text[])": "the exact session; a new tenant",
    "directory.join_tenant(uuid,text,uuid)": "the exact session, where the tenant admits",
    "directory.mark_joining(uuid,text)": "the exact registration",
    "directory.miss_code(uuid)": "the exact registration",
    "directory.accept_invitation(bytea,uuid,text,uuid,timestamp with time zone)": "the exact token",
    "directory.invitation_of(bytea)": "the exact token",
    "directory.issue_invitation(bytea,uuid)": "the exact invitation, in the bound tenant",
    "directory.agree_to_email_change(bytea)": "the exact token",
    "directory.ask_email_change(uuid,text,interval)": "the exact session",
    "directory.email_change_of(bytea)": "the exact token",
    "directory.issue_email_change(uuid,bytea,bytea)": "the exact account, where a change is under way",
    "directory.places_of(uuid)": "the exact account",
    "directory.stop_email_change(bytea)": "the exact token",
    "directory.confirm_second_factor(uuid,bigint,bytea[])": "the exact account, once",
    "directory.drop_second_factor(uuid)": "the exact account",
    "directory.replace_recovery_codes(uuid,bytea[])": "the exact account",
    "directory.second_factor(uuid)": "the exact account; what it answers is sealed",
    "directory.start_second_factor(uuid,bytea)": "the exact account",
    "directory.use_recovery_code(uuid,bytea)": "the exact account and code",
    "directory.use_step(uuid,bigint)": "the exact account",
    "directory.change_member(uuid,uuid,text,text,timestamp with time zone)": "the exact member of the bound tenant",
    "directory.logins_of(uuid[])": "the exact members of the bound tenant",
    "erase_from_audit(uuid)": "the personal parts of one person in the bound tenant",
    "matching_invoices(text[])": "ids, of the bound tenant",
    "matching_quotes(text[])": "ids, of the bound tenant",
    "matching_users(text,text,text[],text,text,boolean,text,uuid,integer)": "ids, of the bound tenant",
    "find_customers(text,text[],boolean,timestamp with time zone,timestamp with time zone,text,integer,text,uuid,"
    "integer)": "ids, of the bound tenant",
    "owners_of_contacts(text[])": "ids, of the bound tenant",
    "search_users(text,text,integer)": "ids, of the bound tenant",
    "directory.issue_ticket(bytea,uuid,interval)": "the exact session",
    "directory.redeem_ticket(bytea)": "the exact ticket",
    "directory.close_tenant(timestamp with time zone,timestamp with time zone)": "the bound tenant",
    "directory.farewell(jsonb)": "the bound tenant, closed and its time over",
    "directory.limits_of(uuid)": "the exact tenant; numbers",
    "directory.quota(text,integer,jsonb)": "the bound tenant; numbers",
    "directory.forget_tenant()": "the bound tenant, closed, its time over, and empty",
    "directory.purge_tenant(integer)": "the bound tenant, closed and its time over",
    "directory.reopen_tenant()": "the bound tenant",
    "directory.present_tenant(text,text,text,text[])": "the bound tenant's own line",
    "directory.open_tenant(text)": "the exact slug",
    "directory.registration_policy(text)": "the exact slug",
    "directory.standing_of(uuid[])": "the exact sessions",
    "directory.access_by_key(bytea)": "the exact digest of a key",
    "directory.access_changes_since(text,timestamp with time zone)": "ids of what every process must forget",
    "directory.add_api_key(uuid,bytea,uuid,uuid,text[],interval)": "a new key of the exact member",
    "directory.account_state(uuid)": "the exact account",
    "directory.end_keys_of(uuid)": "the exact account",
    "directory.hold_session(uuid)": "the exact session",
    "directory.last_seen_at(uuid)": "the exact member of the bound tenant",
    "directory.stop_email_changes_of(uuid)": "the exact account",
    "directory.drop_api_key(uuid,uuid)": "the exact key in the exact tenant",
    "directory.end_session(uuid,uuid)": "the exact session of the exact account",
    "directory.end_sessions(uuid,uuid,uuid)": "the exact account",
    "directory.keys_in_use(uuid,uuid[])": "the exact keys in the exact tenant",
    "directory.note_key_use(uuid[])": "the exact keys, and only when they were used",
    "directory.refresh_session(bytea,bytea,timestamp with time zone,interval,jsonb)": "the exact digest of a token",
    "directory.sessions_of(uuid)": "the exact account",
    "directory.standing_of_keys(uuid[])": "the exact keys",
    "directory.schema_revision()": "which migration was the last",
    "directory.switch_session(uuid,uuid,uuid,bytea,jsonb)": "the exact session and tenant, of one account",
    "work.heads_of(uuid[])": "the exact tenants, and only how far each log goes",
}
RELAY_MAY_CALL = {
    "work.follow_zone_rules(text)": "plans one thing for each tenant, once a release of tzdata, and says for how many",
    "work.seal_audit(integer)": "seals what the bound tenant noted, and says how much",
    "work.sweep(integer)": "removes what is kept for a time only once that is over, and says how much",
}
NOBODY_MAY_CALL = {
    "count_api_keys()": "a trigger's",
    "count_customers()": "a trigger's",
    "count_jobs()": "a trigger's",
    "count_users()": "a trigger's",
    "directory.end_keys()": "a trigger's",
    "directory.end_with_membership()": "a trigger's",
    "directory.end_with_tenant()": "a trigger's",
    "directory.forget_account(uuid)": "part of directory.change_member",
    "customers_completed(text,text,text)": "part of find_customers",
    "customers_in_order(text,boolean,boolean,timestamp with time zone,timestamp with time zone,tsquery,tsquery,"
    "tsquery,text,text,text,uuid,integer)": "part of find_customers",
    "customers_met(text)": "part of find_customers",
    "customers_nearly(text,text,text)": "part of find_customers",
    "customers_of_the_index(text,integer,text[],tsquery)": "part of find_customers",
    "customers_otherwise(text,text,text,text[])": "part of find_customers",
    "customers_spelled(text,text,text)": "part of find_customers",
    "index_customer()": "a trigger's",
    "index_user()": "a trigger's",
    "directory.keep_slug_free()": "a trigger's",
    "ledger_must_balance()": "a trigger's",
    "directory.note_access_change()": "a trigger's",
    "directory.note_session_use()": "a trigger's",
    "directory.start_session(uuid,uuid,uuid,bytea,jsonb)": "the part that logging in and switching share",
}
TRIGGERS = {
    "directory.api_keys.key_ended": "every process forgets the key",
    "directory.api_keys.key_shortened": "every process forgets the key",
    "directory.memberships.keys_suspended": "keys end with their maker's suspension",
    "directory.memberships.membership_changed": "every process forgets the member's sessions",
    "directory.memberships.membership_ended": "every process forgets the member's sessions",
    "directory.memberships.membership_suspended": "sessions end with a suspension",
    "directory.sessions.session_ended": "every process forgets the session",
    "directory.sessions.session_shortened": "every process forgets the session",
    "directory.sessions.session_used": "a member was seen when their session was used",
    "directory.tenants.keep_slug_free": "refuses a slug that is kept free; writes nothing",
    "directory.tenants.end_with_tenant": "sessions end with a suspension",
    **{
        f"{table}.count_{what}": "counts what the tenant has"
        for table in ("api_keys", "customers", "jobs", "users")
        for what in ("added", "changed", "gone")
    },
    "customers.index_customer": "works out, from the row itself and what belongs to it, what it is found by",
    "ledger_postings.balanced": "refuses postings that do not come to nothing; writes nothing",
    "users.index_user": "works out, from the row itself, what it is found by",
    "directory.tenants.tenant_changed": "every process forgets the tenant's sessions",
}
"""What writes by itself, each for one of two reasons.

Whoever changes access, it is told and it holds; whoever adds a row or takes it away, it counts.
"""
MAY_CALL = APP_MAY_CALL | RELAY_MAY_CALL
ALL = MAY_CALL | NOBODY_MAY_CALL

_FUNCTIONS = f"""
    select p.oid, p.oid::regprocedure::text as signature, p.proowner, p.prosecdef, p.proconfig, p.proacl, p.pronamespace
    from pg_proc p where p.pronamespace in ({OUR_SCHEMAS})
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
"""
_OF_NOBODY = ", ".join(f"'{signature}'" for signature in NOBODY_MAY_CALL)
_OF_THE_RELAY = ", ".join(f"'{signature}'" for signature in RELAY_MAY_CALL)

RULES = (
    Rule(
        "the functions are the closed list, and the application alone may call them",
        f"""
        select f.signature || ' may be called by ' || a.grantee::regrole
        from ({_FUNCTIONS}) f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
        where a.grantee <> f.proowner
          and not (a.grantee = case when f.signature in ({_OF_THE_RELAY}) then 'frontdesk_relay'::regrole
                                    when f.signature not in ({_OF_NOBODY}) then 'frontdesk_app'::regrole end
                   and not a.is_grantable and f.signature = any ($1::text[]))
        union all
        select f.signature || ' is not on the list' from ({_FUNCTIONS}) f
        where not f.signature = any ($1::text[]) and f.signature not in ({_OF_NOBODY})
        """,
        MAY_CALL,
    ),
    Rule(
        "each function of the list is there",
        f"select wanted from unnest($1::text[]) wanted where wanted not in (select signature from ({_FUNCTIONS}) f)",
        ALL,
    ),
    Rule(
        "a function with its owner's rights pins its search path",
        f"""
        select signature from ({_FUNCTIONS}) f
        where prosecdef
          and not exists (select from unnest(proconfig) s where s ~ '^search_path=pg_catalog, [a-z]+, pg_temp$'
                          and s !~ 'public')
        """,
    ),
    Rule(
        "a function with its owner's rights is not a superuser's, nor of one that passes row-level security",
        f"""
        select signature || ' is of ' || proowner::regrole from ({_FUNCTIONS}) f join pg_roles r on r.oid = proowner
        where prosecdef and (r.rolsuper or r.rolbypassrls or r.rolname not in ('frontdesk_owner', 'frontdesk_search'))
        """,
    ),
    Rule(
        "a function that the owner makes tomorrow is closed to the public",
        """
        select 'new functions of ' || 'frontdesk_owner' || ' are open to the public'
        where not exists (
            select from pg_default_acl d
            where d.defaclrole = 'frontdesk_owner'::regrole and d.defaclnamespace = 0 and d.defaclobjtype = 'f'
              and not exists (select from aclexplode(d.defaclacl) a where a.grantee = 0))
        """,
    ),
    Rule(
        "nothing is granted in advance",
        """
        select d.defaclrole::regrole || ' grants ' || a.privilege_type || ' to ' || a.grantee::regrole
        from pg_default_acl d, aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole
        """,
    ),
    Rule(
        "nothing writes by itself: triggers and rules are on the list of those",
        f"""
        select t.tgrelid::regclass || '.' || t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where not t.tgisinternal and c.relnamespace in ({OUR_SCHEMAS})
          and not t.tgrelid::regclass || '.' || t.tgname = any ($1::text[])
        union all
        select r.ev_class::regclass || '.' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
        where r.rulename <> '_RETURN' and c.relnamespace in ({OUR_SCHEMAS})
        union all
        select evtname::text from pg_event_trigger
        """,
        TRIGGERS,
    ),
    Rule(
        "each trigger of the list is there, and at work",
        """
        select wanted from unnest($1::text[]) wanted
        where not exists (select from pg_trigger t where t.tgenabled = 'O' and not t.tgisinternal
                          and t.tgrelid::regclass || '.' || t.tgname = wanted)
        """,
        TRIGGERS,
    ),
    Rule(
        "a column's default calls nothing of ours",
        f"""
        select d.adrelid::regclass || ': ' || p.oid::regprocedure
        from pg_attrdef d join pg_depend k on k.classid = 'pg_attrdef'::regclass and k.objid = d.oid
        join pg_proc p on k.refclassid = 'pg_proc'::regclass and p.oid = k.refobjid
        where p.pronamespace in ({OUR_SCHEMAS})
        """,
    ),
)
