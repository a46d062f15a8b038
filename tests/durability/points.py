"""How many points each act has on each database: its statements, COMMIT, and SQLite's BEGIN.

A number that changes is no fault by itself: look at what the act says now, then write it here.
"""

# path → act → on SQLite, on PostgreSQL
POINTS: dict[str, dict[str, tuple[int, int]]] = {
    "letter": {
        "draft": (15, 12),
        "draft saved": (9, 8),
        "submitted": (19, 18),
        "opening confirmed": (44, 39),
        "mandate asked": (15, 14),
        "mandate confirmed": (37, 35),
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
        "reply": (14, 12),
        "reply again": (13, 11),
        "late reply": (13, 11),
        "paper asked": (19, 18),
        "reply-on-behalf confirmed": (22, 20),
        "closing": (15, 13),
        "statement asked": (16, 15),
        "post-stated confirmed": (18, 17),
        "contest": (22, 20),
        "ruling asked": (16, 15),
        "ruling confirmed": (27, 23),
        "concluded": (19, 18),
        "certification confirmed": (13, 12),
        "publication": (35, 32),
        "second round": (21, 19),
    },
    "silence": {
        "objection": (35, 29),
        "lifted": (32, 25),
    },
    "round": {
        "submitted": (19, 18),
        "opening confirmed": (44, 39),
        "comments drafted": (5, 4),
        "comment": (20, 19),
        "statement asked": (28, 26),
        "post-stated confirmed": (18, 17),
        "disposition": (9, 8),
    },
    "views": {
        "views asked": (16, 15),
        "views-opened confirmed": (20, 16),
        "view": (11, 10),
    },
}
