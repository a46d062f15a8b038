"""How many points each act has on each database: its statements, COMMIT, and SQLite's BEGIN.

A number that changes is no fault by itself: look at what the act says now, then write it here.
"""

# path → act → on SQLite, on PostgreSQL
POINTS: dict[str, dict[str, tuple[int, int]]] = {
    "letter": {
        "draft": (17, 14),
        "draft saved": (9, 8),
        "submitted": (19, 18),
        "opening confirmed": (46, 41),
        "mandate asked": (15, 14),
        "mandate confirmed": (38, 36),
        "extension asked": (17, 16),
        "extension confirmed": (29, 23),
        "revision begun": (9, 8),
        "revision saved": (6, 5),
        "revision asked": (20, 19),
        "corrigendum confirmed": (45, 41),
        "withdrawal asked": (15, 14),
        "withdrawal confirmed": (29, 23),
    },
    "reply": {
        "reply drafted": (4, 3),
        "reply": (16, 14),
        "reply again": (15, 13),
        "late reply": (15, 13),
        "paper asked": (19, 18),
        "reply-on-behalf confirmed": (25, 23),
        "closing": (17, 15),
        "statement asked": (16, 15),
        "post-stated confirmed": (18, 17),
        "contest": (22, 20),
        "ruling asked": (16, 15),
        "ruling confirmed": (27, 23),
        "concluded": (19, 18),
        "certification confirmed": (14, 13),
        "publication": (41, 38),
        "second round": (22, 20),
    },
    "readmission": {
        "readmission asked": (18, 17),
        "reply-restored confirmed": (35, 34),
    },
    "silence": {
        "objection": (37, 31),
        "lifted": (34, 27),
    },
    "round": {
        "submitted": (19, 18),
        "opening confirmed": (46, 41),
        "comments drafted": (5, 4),
        "comment": (22, 21),
        "statement asked": (30, 28),
        "post-stated confirmed": (18, 17),
        "disposition": (9, 8),
    },
    "views": {
        "views asked": (16, 15),
        "views-opened confirmed": (20, 16),
        "view": (11, 10),
    },
}
