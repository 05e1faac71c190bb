import time
from django.db import connection
from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.queries import Wanted
from shopkeeper.foundation.actor import SYSTEM
from tests import factories
from tests.flows.fulfilment.parcels import making

def test_scale(fresh_clock):
    p = making.sent_parcel()
    with connection.cursor() as c:
        c.execute("""CREATE TEMP TABLE o AS SELECT * FROM intake_order WHERE id=%s""",[p.order_id])
        cols=[d.name for d in connection.introspection.get_table_description(c,'intake_order')]
        sel=", ".join({'id':'100000+n','platform_no':"'X'||n"}.get(x,x) for x in cols)
        c.execute(f"INSERT INTO intake_order ({','.join(cols)}) SELECT {sel} FROM o, generate_series(1,200000) n")
        c.execute("""CREATE TEMP TABLE pp AS SELECT * FROM parcels_parcel WHERE id=%s""",[p.pk])
        cols=[d.name for d in connection.introspection.get_table_description(c,'parcels_parcel')]
        sel=", ".join({'id':'100000+n','order_id':'100000+n','number':"'YT9'||lpad(n::text,12,'0')",'state':"CASE WHEN n % 40 = 0 THEN 'in_transit' WHEN n % 500 = 1 THEN 'packed' ELSE 'signed' END"}.get(x,x) for x in cols)
        c.execute(f"INSERT INTO parcels_parcel ({','.join(cols)}) SELECT {sel} FROM pp, generate_series(1,200000) n")
        c.execute("""INSERT INTO parcels_parcelcase (parcel_id, shop_id, kind, state, state_at, cause, opened_at, opened_by, outcome, note, closed_at, closed_by)
           SELECT id, shop_id, 'stalled', CASE WHEN id % 800 = 0 THEN 'open' ELSE 'closed' END, state_at, '', state_at, 0, 'delivered','', state_at, 0 FROM parcels_parcel WHERE id % 8 = 0""")
        c.execute("""INSERT INTO parcels_shipback (parcel_id, shop_id, state, state_at, attempts, asked_at, due_at, last_error, acknowledged_at, is_repeat)
           SELECT id, shop_id, CASE WHEN id % 400=0 THEN 'failed' ELSE 'acknowledged' END, state_at, 1, state_at, state_at, '', state_at, false FROM parcels_parcel WHERE id>100000""")
        c.execute("INSERT INTO parcels_trackevent (parcel_id, occurred_at, code, state, text, place, fingerprint, heard_at) SELECT id, state_at + k * interval '1 hour', '0','transit','x','y','\\x00', state_at FROM parcels_parcel, generate_series(1,4) k")
    with fresh_clock.connect(role=None) as conn:
        conn.execute("ANALYZE")
    own = factories.actor_with("x", shops=[p.shop], warehouses=[p.warehouse])
    for viewer in (SYSTEM, own):
        for name, call in {
            **{t: (lambda t=t: queries.parcel_list(viewer, Wanted(t))) for t in ("on_the_way","trouble","to_hand_over","signed","all","coming_back","to_number")},
            "search": lambda: queries.parcel_list(viewer, Wanted("all", ["X777"])),
            "search100": lambda: queries.parcel_list(viewer, Wanted("all", [f"X{i}" for i in range(1000)])),
            "searchno": lambda: queries.parcel_list(viewer, Wanted("signed", ["YT9000000000777"])),
            "courier": lambda: queries.parcel_list(viewer, Wanted("all", [], {"courier": "jd"})),
            "counts": lambda: queries.parcel_counts(viewer), "cases": lambda: queries.case_list(viewer, Wanted("open")), "casesall": lambda: queries.case_list(viewer, Wanted("closed")), "casecounts": lambda: queries.case_counts(viewer),
            "casesearch": lambda: queries.case_list(viewer, Wanted("open", ["X777"])),
            "backs": lambda: queries.ship_back_list(viewer, Wanted("failed")), "backsack": lambda: queries.ship_back_list(viewer, Wanted("acknowledged")), "backcounts": lambda: queries.ship_back_counts(viewer),
            "backsearch": lambda: queries.ship_back_list(viewer, Wanted("", ["X777"])),
        }.items():
            best=[]
            for _ in range(3):
                t=time.perf_counter(); call(); best.append(time.perf_counter()-t)
            print(f"{viewer.name} {name} {min(best)*1000:.1f} ms")
