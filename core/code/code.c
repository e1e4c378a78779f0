/* SPDX-License-Identifier: MIT */
#include "core/code/code.h"

#include <string.h>

#include "core/base/translate.h"
#include "core/code/checkdigit.h"

static const char KINDS[] = "OSBTLUC";
static const char DIGITS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static const struct {
    const char *name, *text;
} CARDS[CARD_COUNT] = {
    [CARD_NONE] = {"", ""},
    [CARD_UNDO] = {"UNDO", N_("Undo the last scan")},
    [CARD_CLOSE] = {"CLOSE", N_("Close the parcel")},
    [CARD_SHORT] = {"SHORT", N_("Short: it is not there")},
    [CARD_REPRINT] = {"REPRINT", N_("Print the label again")},
    [CARD_CONFIRM] = {"CONFIRM", N_("Yes, confirm")},
    [CARD_CANCEL] = {"CANCEL", N_("No, cancel")},
    [CARD_LOGOUT] = {"LOGOUT", N_("Log out")},
    [CARD_SKIP] = {"SKIP", N_("Skip this line for now")},
    [CARD_BACK] = {"BACK", N_("Leave the work where it is")},
    [CARD_PICK] = {"PICK", N_("Pick")},
    [CARD_PACK] = {"PACK", N_("Pack")},
    [CARD_DOCK] = {"DOCK", N_("Dock")},
    [CARD_0 + 0] = {"0", "0"},
    [CARD_0 + 1] = {"1", "1"},
    [CARD_0 + 2] = {"2", "2"},
    [CARD_0 + 3] = {"3", "3"},
    [CARD_0 + 4] = {"4", "4"},
    [CARD_0 + 5] = {"5", "5"},
    [CARD_0 + 6] = {"6", "6"},
    [CARD_0 + 7] = {"7", "7"},
    [CARD_0 + 8] = {"8", "8"},
    [CARD_9] = {"9", "9"},
};

static char check_of(const char *body)
{
    static const struct check_params NO_PARAMS;
    return check_compute(check_rule_find("mod37_36"), &NO_PARAMS, body);
}

static const char *finish(enum code_kind kind, const char *id, char buffer[static CODE_SIZE])
{
    char body[CODE_SIZE];
    g_snprintf(body, sizeof body, "%c%s", (char)kind, id);
    g_snprintf(buffer, CODE_SIZE, "//%s%c", body, check_of(body));
    return buffer;
}

const char *code_make(enum code_kind kind, int64_t id, char buffer[static CODE_SIZE])
{
    char text[16];
    size_t at = sizeof text;
    g_assert(id > 0 && kind != CODE_COMMAND);
    text[--at] = '\0';
    for (; id > 0; id /= 36)
        text[--at] = DIGITS[id % 36];
    return finish(kind, text + at, buffer);
}

const char *code_make_card(enum card card, char buffer[static CODE_SIZE])
{
    return finish(CODE_COMMAND, card_name(card), buffer);
}

static int64_t parse_id(const char *text, size_t length)
{
    int64_t id = 0;
    if (length == 0 || text[0] == '0')
        return 0;
    for (size_t i = 0; i < length; i++) {
        const char *found = strchr(DIGITS, text[i]);
        int64_t value = found - DIGITS;
        if (!found || id > (INT64_MAX - value) / 36)
            return 0;
        id = id * 36 + value;
    }
    return id;
}

static enum card parse_card(const char *text, size_t length)
{
    for (enum card c = CARD_NONE + 1; c < CARD_COUNT; c++)
        if (strlen(CARDS[c].name) == length && memcmp(CARDS[c].name, text, length) == 0)
            return c;
    return CARD_NONE;
}

gboolean code_parse(const char *text, struct code *code)
{
    size_t length = strlen(text);
    char body[CODE_SIZE];
    if (!code_is_reserved(text) || length < 5 || length >= CODE_SIZE || !strchr(KINDS, text[2]))
        return FALSE;
    g_strlcpy(body, text + 2, length - 2); /* all but the check character */
    if (check_of(body) != text[length - 1])
        return FALSE;
    *code = (struct code){.kind = (enum code_kind)text[2]};
    if (code->kind == CODE_COMMAND)
        return (code->card = parse_card(body + 1, length - 4)) != CARD_NONE;
    return (code->id = parse_id(body + 1, length - 4)) > 0;
}

const char *card_name(enum card card)
{
    return CARDS[card].name;
}

const char *card_text(enum card card)
{
    return CARDS[card].text;
}
