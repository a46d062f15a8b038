"""How many points each act has on each database: its statements, COMMIT, and SQLite's BEGIN.

A number that changes is no fault by itself: look at what the act says now, then write it here.
"""

# path → act → on SQLite, on PostgreSQL
POINTS: dict[str, dict[str, tuple[int, int]]] = {
    "letter": {
        "draft": (17, 14),
        "draft saved": (9, 7),
        "submitted": (19, 18),
        "opening confirmed": (44, 40),
        "mandate asked": (17, 16),
        "mandate confirmed": (40, 39),
        "extension asked": (17, 16),
        "extension confirmed": (24, 23),
        "revision begun": (9, 8),
        "revision saved": (6, 5),
        "revision asked": (20, 19),
        "corrigendum confirmed": (43, 42),
        "withdrawal asked": (15, 14),
        "withdrawal confirmed": (24, 23),
    },
    "reply": {
        "reply drafted": (4, 3),
        "reply": (14, 7),
        "reply again": (13, 6),
        "late reply": (12, 5),
        "paper asked": (17, 16),
        "reply-on-behalf confirmed": (20, 19),
        "closing": (15, 13),
        "statement asked": (16, 15),
        "post-stated confirmed": (18, 16),
        "contest": (21, 20),
        "ruling asked": (16, 15),
        "ruling confirmed": (25, 24),
        "concluded": (19, 18),
        "certification confirmed": (14, 11),
        "publication": (41, 39),
        "second round": (21, 20),
    },
    "readmission": {
        "readmission asked": (18, 17),
        "reply-restored confirmed": (33, 32),
    },
    "silence": {
        "objection": (34, 30),
        "lifted": (32, 28),
    },
    "round": {
        "submitted": (19, 18),
        "opening confirmed": (44, 40),
        "comments drafted": (5, 4),
        "comment": (22, 21),
        "statement asked": (28, 27),
        "post-stated confirmed": (18, 16),
        "disposition": (9, 8),
    },
    "views": {
        "views asked": (16, 15),
        "views-opened confirmed": (17, 16),
        "view": (11, 10),
    },
}
