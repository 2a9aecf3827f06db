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
    "directory.open_session(text,text,uuid,text,interval)": "the exact address and hash",
    "directory.access(uuid)": "the exact session",
    "directory.count_attempt(text,bytea,integer,integer)": "the exact digest",
    "directory.count_login(bytea,bytea,integer,integer)": "the exact digests",
    "directory.note_login(bytea,bytea)": "the exact digests",
    "directory.note_security_event(uuid,timestamp with time zone,text,text,text,text,text)": "adds a line",
    "erase_from_audit(uuid)": "the personal parts of one person in the bound tenant",
    "directory.issue_ticket(bytea,uuid,interval)": "the exact session",
    "directory.redeem_ticket(bytea)": "the exact ticket",
    "directory.standing_of(uuid[])": "the exact sessions",
    "work.heads_of(uuid[])": "the exact tenants, and only how far each log goes",
}
RELAY_MAY_CALL = {
    "work.seal_audit(integer)": "seals what the bound tenant noted, and says how much",
    "work.sweep(integer)": "removes what is kept for a time only once that is over, and says how much",
}
MAY_CALL = APP_MAY_CALL | RELAY_MAY_CALL

_FUNCTIONS = f"""
    select p.oid, p.oid::regprocedure::text as signature, p.proowner, p.prosecdef, p.proconfig, p.proacl, p.pronamespace
    from pg_proc p where p.pronamespace in ({OUR_SCHEMAS})
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
"""
_OF_THE_RELAY = ", ".join(f"'{signature}'" for signature in RELAY_MAY_CALL)

RULES = (
    Rule(
        "the functions are the closed list, and the application alone may call them",
        f"""
        select f.signature || ' may be called by ' || a.grantee::regrole
        from ({_FUNCTIONS}) f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
        where a.grantee <> f.proowner
          and not (a.grantee = case when f.signature in ({_OF_THE_RELAY}) then 'frontdesk_relay'::regrole
                                    else 'frontdesk_app'::regrole end
                   and not a.is_grantable and f.signature = any ($1::text[]))
        union all
        select f.signature || ' is not on the list' from ({_FUNCTIONS}) f where not f.signature = any ($1::text[])
        """,
        MAY_CALL,
    ),
    Rule(
        "each function of the list is there",
        f"select wanted from unnest($1::text[]) wanted where wanted not in (select signature from ({_FUNCTIONS}) f)",
        MAY_CALL,
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
