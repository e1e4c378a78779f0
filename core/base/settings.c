/* SPDX-License-Identifier: MIT */
#include "core/base/settings.h"

#include <string.h>

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"

#define GROUP "packline"

#define TEXT(name, scope, text) {(name), SETTING_##scope, SETTING_TEXT, "", 0, 0, NULL, (text)}
#define CHOICE(name, fallback, of, text) {(name), SETTING_HOST, SETTING_CHOICE, (fallback), 0, 0, (of), (text)}
#define INT(name, scope, fallback, min, max, text)                                                                     \
    {(name), SETTING_##scope, SETTING_INT, (fallback), (min), (max), NULL, (text)}
#define BOOL(name, fallback, text) {(name), SETTING_SITE, SETTING_BOOL, (fallback), 0, 1, NULL, (text)}

static const struct setting SETTINGS[] = {
    TEXT("db", HOST, N_("address of the database")),
    TEXT("station", HOST, N_("name of this station; empty: the host's name")),
    TEXT("timer", HOST, N_("commands that write without a badge, for timers: import,export")),
    CHOICE("lang", "auto", "auto|zh_TW|en", N_("language of the screens")),
    CHOICE("glyphs", "auto", "auto|ascii|unicode", N_("glyph set of the screens")),
    CHOICE("theme", "dark", "dark|light|contrast|mono", N_("colours of the screens")),
    TEXT("backup_dir", HOST, N_("where backups are put; empty: beside the database")),
    INT("escape_ms", HOST, "0", 0, 1000, N_("how long a lone Esc is waited for; 0: 25, or 80 over ssh")),
    INT("labels_per_cups_job", SITE, "50", 1, 1000, N_("labels of a print run in one CUPS job")),
    BOOL("slip_with_waybill", "0", N_("a packing slip comes out with each waybill")),
    BOOL("weight_required", "0", N_("a parcel is closed with its weight")),
    BOOL("pick_list_whole", "0", N_("a paper pick list may be confirmed at once")),
    BOOL("release_at_import", "1", N_("paid, stocked and unblocked orders are released at import")),
    TEXT("default_courier", SITE, N_("courier of imported orders that name none")),
    INT("import_max_mb", SITE, "2048", 1, 1048576, N_("larger files are not imported")),
    TEXT("demo_login", SITE, N_("what the log-in screen of a demo floor shows")),
    INT("import_silence_minutes", SITE, "60", 1, 10080, N_("alert when no import came for so long")),
    INT("expiry_warn_days", SITE, "30", 0, 3650, N_("alert for lots that expire within so many days")),
    INT("expected_sales_percent", SITE, "20", 0, 1000, N_("alert when stock is under this share of expected sales")),
    INT("backup_max_hours", SITE, "26", 0, 8760, N_("alert when the last good backup is older than so many hours; 0: never")),
    TEXT("seal_to", SITE, N_("where each day's seal goes as well: syslog, or a file on another host")),
    INT("forget_after_days", SITE, "0", 0, 36500, N_("alert when names of what was over so many days ago are kept; 0: never")),
    INT("clock_ahead_days", SITE, "30", 1, 3650, N_("a clock so many days past what was done last is asked about")),
    INT("idle_lock_minutes", SITE, "15", 0, 1440, N_("a station where nothing is done for so long is locked; 0: never")),
    INT("session_hours", SITE, "12", 1, 24, N_("a badge alone re-opens one's own locked station within so many hours")),
};

const struct setting *setting_at(guint n)
{
    return n < G_N_ELEMENTS(SETTINGS) ? &SETTINGS[n] : NULL;
}

const struct setting *setting_find(const char *name)
{
    int n = WORDS_FIND(SETTINGS, name);
    return n < 0 ? NULL : &SETTINGS[n];
}

static gboolean is_choice(const char *choices, const char *value)
{
    g_auto(GStrv) list = g_strsplit(choices, "|", -1);
    return g_strv_contains((const char *const *)list, value);
}

static gboolean is_int(const struct setting *setting, const char *value)
{
    gint64 number;
    return g_ascii_string_to_signed(value, 10, setting->min, setting->max, &number, NULL);
}

static gboolean accepts(const struct setting *setting, const char *value)
{
    switch (setting->type) {
    case SETTING_BOOL:
    case SETTING_INT:
        return is_int(setting, value);
    case SETTING_TEXT:
        return g_utf8_validate(value, -1, NULL);
    case SETTING_CHOICE:
        return is_choice(setting->choices, value);
    }
    return FALSE;
}

char *setting_takes(const struct setting *setting)
{
    switch (setting->type) {
    case SETTING_BOOL:
        return g_strdup(_("0 (off) or 1 (on)"));
    case SETTING_INT:
        return g_strdup_printf("%" G_GINT64_FORMAT " - %" G_GINT64_FORMAT, setting->min, setting->max);
    case SETTING_TEXT:
        return g_strdup(_("a text"));
    case SETTING_CHOICE:
        return g_strdelimit(g_strdup(setting->choices), "|", ' ');
    }
    return NULL;
}

gboolean setting_accepts(const struct setting *setting, const char *value, GError **error)
{
    if (accepts(setting, value))
        return TRUE;
    g_autofree char *takes = setting_takes(setting);
    return err_set(error, ERR_SETTING_VALUE, setting->name, value, takes);
}

int64_t setting_default_int(const char *name)
{
    const struct setting *setting = setting_find(name);
    g_assert(setting);
    return g_ascii_strtoll(setting->fallback, NULL, 10);
}

static char *file_at(const char *path)
{
    return path ? g_strdup(path) : paths_config("packline.conf");
}

/* A file that is not there is an empty one. */
static GKeyFile *load_file(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    g_autofree char *where = file_at(path);
    if (!paths_guarded(where, error))
        return NULL;
    if (g_key_file_load_from_file(file, where, G_KEY_FILE_KEEP_COMMENTS, &cause) ||
        g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer(&file);
    err_set(error, cause->domain == G_KEY_FILE_ERROR ? ERR_SETTING_FILE : ERR_FILE_READ, where, cause->message);
    return NULL;
}

static const struct setting *find_scope(const char *name, enum setting_scope scope, GError **error)
{
    const struct setting *setting = setting_find(name);
    if (setting && setting->scope == scope)
        return setting;
    err_set(error, ERR_SETTING_UNKNOWN, name);
    return NULL;
}

char *setting_host(const char *name, const char *path, GError **error)
{
    const struct setting *setting = find_scope(name, SETTING_HOST, error);
    g_autoptr(GKeyFile) file = setting ? load_file(path, error) : NULL;
    if (!file)
        return NULL;
    g_autofree char *value = g_key_file_get_string(file, GROUP, name, NULL);
    if (!value)
        return g_strdup(setting->fallback);
    return setting_accepts(setting, value, error) ? g_steal_pointer(&value) : NULL;
}

gboolean setting_host_set(const char *name, const char *value, const char *path, GError **error)
{
    const struct setting *setting = find_scope(name, SETTING_HOST, error);
    g_autoptr(GKeyFile) file = setting && setting_accepts(setting, value, error) ? load_file(path, error) : NULL;
    if (!file)
        return FALSE;
    g_autoptr(GError) cause = NULL;
    g_autofree char *where = file_at(path), *dir = g_path_get_dirname(where);
    g_mkdir_with_parents(dir, 0700);
    g_key_file_set_string(file, GROUP, name, value);
    if (!g_key_file_save_to_file(file, where, &cause))
        err_set(error, ERR_FILE_WRITE, where, cause->message);
    return cause == NULL;
}

static gboolean check_groups(GKeyFile *file, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (guint i = 0; groups[i]; i++)
        if (strcmp(groups[i], GROUP) != 0)
            return err_set(error, ERR_SETTING_UNKNOWN, groups[i]);
    return TRUE;
}

static gboolean check_keys(GKeyFile *file, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, GROUP, NULL, NULL);
    gboolean good = TRUE;
    for (guint i = 0; keys && keys[i] && good; i++) {
        const struct setting *setting = find_scope(keys[i], SETTING_HOST, error);
        g_autoptr(GError) cause = NULL;
        g_autofree char *value = g_key_file_get_string(file, GROUP, keys[i], &cause);
        good = setting && value && setting_accepts(setting, value, error);
        if (setting && cause) /* bytes that are no UTF-8, a broken escape */
            err_set(error, ERR_SETTING_VALUE, keys[i], cause->message, "UTF-8");
    }
    return good;
}

gboolean settings_check_file(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = load_file(path, error);
    g_autoptr(GError) cause = NULL;
    if (!file)
        return FALSE;
    if (check_groups(file, &cause) && check_keys(file, &cause))
        return TRUE;
    g_autofree char *where = file_at(path);
    return err_set(error, ERR_SETTING_FILE, where, cause->message);
}
