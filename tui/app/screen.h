/* SPDX-License-Identifier: MIT
 *
 * A screen is a row of functions. Its state belongs to the loop's thread; what it shows comes as an immutable snapshot
 * that load() makes on the store thread. draw() is pure: state, snapshot and view to canvas. handle() changes the state
 * and returns a request; it never blocks and never calls core. The table of all screens is handed to the app.
 */
#pragma once

#include "tui/app/keymap.h"
#include "tui/app/loop.h"
#include "tui/app/session.h"
#include "tui/terminal/canvas.h"
#include "tui/widgets/list.h"

enum screen_flag {
    SCREEN_SCAN = 1,   /* lines of the field go to the station; printable keys are never commands */
    SCREEN_SEARCH = 2, /* the field filters the list; scans go to the station all the same */

    SCREEN_PUBLIC = 4,    /* may be seen before anybody is logged in; only these are drawn without a view */
    SCREEN_LIST = 8,      /* F2 to F9 are the screens; what it does by itself are words */
    SCREEN_OWN_SCANS = 16 /* scans come to handle(): a form that wants a code */
};

/* What draw() and handle() may look at. */
struct place {
    void *state;
    const void *snapshot;    /* NULL until the first load is done */
    const struct station_view *view; /* NULL until the store is open */
    const char *field;       /* the text in the scan field */
    int64_t now_utc_ms;
    struct rect body; /* where draw() draws */
};

/* Work for the store thread, asked for by handle(). Owned by the app once returned. */
struct task {
    struct store_request request; /* first */
    const struct task_ops *ops;
};

/* The screen embeds a struct task as first member of its own. */
struct task_ops {
    gboolean (*work)(struct task *task, struct session *session, GError **error);
    struct request (*done)(struct task *task); /* it has worked: back on the loop's thread */
    void (*clear)(struct task *task);          /* frees what the task owns, not itself; may be NULL */
};

enum request_kind {
    REQUEST_NONE,    /* nothing to do, nothing changed */
    REQUEST_DRAW,    /* the state changed */
    REQUEST_LOAD,    /* the question changed: load anew */
    REQUEST_GO,      /* to the screen in target, which replaces this one */
    REQUEST_PUSH,    /* to the screen in target, which comes back here */
    REQUEST_BACK,    /* to where this came from */
    REQUEST_RUN,     /* run task */
    REQUEST_STATION, /* give the station command, with argument */
    REQUEST_SCAN,    /* give the station argument as a scan: a screen that takes scans itself had no use for it */
    REQUEST_KEY,     /* do as if key row `action` of the screen below had been pressed (help) */
    REQUEST_QUIT
};

struct request {
    enum request_kind kind;
    const char *target;
    char *argument; /* owned by the request: for the screen's enter(), or for the station */
    struct task *task;
    enum command command;
    int action;
    char *message; /* owned; shown until the next key */
    enum ink message_ink;
    enum bell bell;
    gboolean clear_field;
};

/* What happened on a screen: a key of its table (action), or else the event itself. */
struct happening {
    int action;
    const char *argument;            /* what followed the ":word"; "" or NULL: nothing */
    const struct input_event *input; /* NULL with an action */
    gboolean field_changed;          /* SCREEN_SEARCH: the field has another text now */
};

/* The lists of a screen, in the order of the Tab key. */
enum { LISTS_MAX = 3 };
struct lists {
    struct list_view views[LISTS_MAX];
    int count;
    int *focus; /* in the state: which of them has the keys; NULL: there is one */
};

struct screen {
    const char *id;
    const char *title; /* N_() */
    unsigned flags;
    const struct key_row *keys;

    size_t state_size; /* 0: it has none */
    void (*enter)(void *state, const char *argument); /* a state of zeroes; argument may be NULL; may be NULL itself */
    void *(*ask)(const struct place *place);          /* what load() is to find, to be freed; NULL: the state, copied */
    /* The snapshot, on the store thread, in one db_snapshot(). load() itself NULL: it shows the view alone. */
    void *(*load)(struct session *session, const void *question, GError **error);
    void (*snapshot_free)(void *snapshot);
    void (*arrived)(struct place *place); /* a new snapshot is there, its lists not settled yet; may be NULL */
    /* Fills in its lists as they stand, also without a snapshot; may be NULL. The app draws them, keeps each on its
     * row, and does what keys, mouse and the words of ACT_MARK ... ACT_TURN mean in them. */
    void (*lists)(const struct place *place, struct lists *lists);
    struct request (*moved)(struct place *place); /* something else is selected; NULL: it is drawn */
    void (*draw)(const struct place *place, struct canvas *canvas, struct rect body);
    struct request (*handle)(struct place *place, const struct happening *happening);
    const char *hint;                                 /* N_(), for the empty field */
    const char *(*prompt)(const struct place *place); /* the same, translated, where it changes; may be NULL */
    /* A scan or a typed line that the screen may want for itself (a count, a weight, a PIN); REQUEST_NONE: it
     * goes to the station as a scan. May be NULL. */
    struct request (*line)(struct place *place, const char *text, gboolean typed);
    gboolean (*masked)(const struct place *place); /* the field is secret now; may be NULL */
};

/* A new state, and a copy of what its load() is to find. */
void *screen_enter(const struct screen *screen, const char *argument);
void *screen_ask(const struct screen *screen, const struct place *place);

/* The row of an id in a table that ends with NULL; NULL when there is none. */
const struct screen *screen_find(const struct screen *const *screens, const char *id);

/* The screen where a station's step is worked. */
const char *screen_of_step(enum step step);

/* Keys every screen has, and those that every list has besides: the screens. */
extern const struct key_row SCREEN_KEYS[];
extern const struct key_row LIST_KEYS[];

/* All that work on a screen. */
struct keymap screen_keymap(const struct screen *screen);

enum {
    ACT_BACK = 700,
    ACT_MARK = 800, ACT_ALL, ACT_SORT, ACT_TURN, /* of lists */
    ACT_HELP = 900, ACT_QUEUE, ACT_BATCHES, ACT_PICK, ACT_PACK, ACT_DOCK, ACT_PRINT, ACT_STOCK, ACT_MAP,
    ACT_LOGOUT, ACT_LOCK, ACT_QUIT, ACT_CONFIRM
};

static inline struct request request_of(enum request_kind kind)
{
    return (struct request){.kind = kind};
}

static inline struct request request_go(const char *target, char *argument)
{
    return (struct request){.kind = REQUEST_GO, .target = target, .argument = argument};
}

static inline struct request request_push(const char *target, char *argument)
{
    return (struct request){.kind = REQUEST_PUSH, .target = target, .argument = argument};
}

static inline struct request request_station(enum command command, char *argument)
{
    return (struct request){.kind = REQUEST_STATION, .command = command, .argument = argument};
}

/* A task of `size` bytes, zero but for its ops; and the request to run it. */
void *task_new(gsize size, const struct task_ops *ops);
struct request request_run(struct task *task);

/* What was asked for can't be: a hint, and the bell. */
struct request request_refused(const char *message);

/* After a deed: the screen is loaded anew, message (taken) says what became of it. */
struct request request_told(char *message, gboolean good);
