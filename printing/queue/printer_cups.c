/* SPDX-License-Identifier: MIT
 *
 * A CUPS queue. Everything is asked over CUPS_HTTP_DEFAULT, which connects again by itself after cupsd was
 * restarted; cupsConnectDest() can return another server. A job's name is the submission's uuid, and jobs are
 * looked up by that name, because a cupsd that was killed hands out the same job ids again. What cupsd says
 * of a job is noted, never acted on by sending again.
 */
#include <cups/cups.h>
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "printing/queue/printer.h"

struct queue {
    struct printer printer; /* first */
    char *name, *uri;
    char media[128]; /* CUPS's name of the paper last asked for */
    int media_width_um, media_height_um;
};

enum { UM_PER_CUPS_UNIT = 10, MEDIA_SLACK = 150 /* hundredths of a millimetre */ };

static struct printer *queue_open(const char *target, GError **error)
{
    (void)error;
    struct queue *queue = g_new0(struct queue, 1);
    char uri[HTTP_MAX_URI];
    httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof uri, "ipp", NULL, "localhost", 0, "/printers/%s", target);
    queue->name = g_strdup(target);
    queue->uri = g_strdup(uri);
    return &queue->printer;
}

static void queue_close(struct printer *printer)
{
    struct queue *queue = (struct queue *)printer;
    g_free(queue->name);
    g_free(queue->uri);
    g_free(queue);
}

/* --- asking --------------------------------------------------------------------------------------------- */

static ipp_t *request(const struct queue *queue, ipp_op_t operation, const char *const *wanted, int count)
{
    ipp_t *ipp = ippNewRequest(operation);
    ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, queue->uri);
    ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, cupsUser());
    ippAddStrings(ipp, IPP_TAG_OPERATION, IPP_CONST_TAG(IPP_TAG_KEYWORD), "requested-attributes", count, NULL, wanted);
    return ipp;
}

/* The answer, to be ippDelete()d; NULL when there is no cupsd or it says no. *status says which. */
static ipp_t *ask(ipp_t *ipp, ipp_status_t *status)
{
    ipp_t *answer = cupsDoRequest(CUPS_HTTP_DEFAULT, ipp, "/");
    *status = cupsLastError();
    if (answer && *status <= IPP_STATUS_OK_EVENTS_COMPLETE)
        return answer;
    ippDelete(answer);
    return NULL;
}

static const char *text_of(ipp_t *answer, const char *name)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_ZERO);
    const char *text = attribute ? ippGetString(attribute, 0, NULL) : NULL;
    return text ? text : "";
}

static int number_of(ipp_t *answer, const char *name, int fallback)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_ZERO);
    ipp_tag_t tag = attribute ? ippGetValueTag(attribute) : IPP_TAG_NOVALUE;
    return tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM ? ippGetInteger(attribute, 0) : fallback;
}

static gboolean has_reason(ipp_t *answer, const char *name, const char *reason)
{
    ipp_attribute_t *attribute = ippFindAttribute(answer, name, IPP_TAG_KEYWORD);
    for (int i = 0; attribute && i < ippGetCount(attribute); i++)
        if (g_str_has_prefix(ippGetString(attribute, i, NULL), reason))
            return TRUE;
    return FALSE;
}

/* --- looking -------------------------------------------------------------------------------------------- */

struct reason {
    const char *keyword; /* without its -error, -warning, -report */
    const char *text;
    enum printer_health health;
};

/* The most pressing first. */
static const struct reason REASONS[] = {
    {"offline", N_("The printer does not answer."), PRINTER_OFFLINE},
    {"shutdown", N_("The printer is switched off."), PRINTER_OFFLINE},
    {"connecting-to-device", N_("Connecting to the printer..."), PRINTER_ATTENTION},
    {"timed-out", N_("The printer does not answer."), PRINTER_OFFLINE},
    {"media-empty", N_("Out of paper."), PRINTER_ATTENTION},
    {"media-needed", N_("Other paper is wanted."), PRINTER_ATTENTION},
    {"media-jam", N_("Paper jam."), PRINTER_ATTENTION},
    {"cover-open", N_("The cover is open."), PRINTER_ATTENTION},
    {"door-open", N_("The cover is open."), PRINTER_ATTENTION},
    {"marker-supply-empty", N_("The ribbon is empty."), PRINTER_ATTENTION},
    {"spool-area-full", N_("The printer's memory is full."), PRINTER_ATTENTION},
    {"cups-missing-filter", N_("The queue's driver is missing."), PRINTER_STOPPED},
    {"media-low", N_("Paper is low."), PRINTER_ATTENTION},
    {"marker-supply-low", N_("The ribbon is low."), PRINTER_ATTENTION},
    {"other", N_("The printer reports an error."), PRINTER_ATTENTION},
};

static const struct reason *worst_reason(ipp_t *answer)
{
    for (size_t i = 0; i < G_N_ELEMENTS(REASONS); i++)
        if (has_reason(answer, "printer-state-reasons", REASONS[i].keyword))
            return &REASONS[i];
    return NULL;
}

/* A backend that can't reach its printer stays "processing" with no reason at all: only its message tells. */
static gboolean is_unreachable(const char *message)
{
    static const char *const SIGNS[] = {"connect",     "not respond", "unreachable", "resolve", "available",
                                        "unavailable", "not exist",   "No route",    "locate",  "offline"};
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNS); i++)
        if (strstr(message, SIGNS[i]))
            return TRUE;
    return FALSE;
}

static void judge(ipp_t *answer, struct health *health)
{
    int state = number_of(answer, "printer-state", IPP_PSTATE_STOPPED);
    ipp_attribute_t *accepting = ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
    const char *message = text_of(answer, "printer-state-message");
    const struct reason *reason = worst_reason(answer);
    if (accepting && !ippGetBoolean(accepting, 0))
        health_set(health, PRINTER_STOPPED, N_("The queue takes no jobs (cupsaccept)."));
    else if (reason && reason->health == PRINTER_OFFLINE)
        health_set(health, PRINTER_OFFLINE, reason->text);
    else if (state == IPP_PSTATE_STOPPED)
        health_set(health, PRINTER_STOPPED, reason ? reason->text : N_("The queue is stopped (cupsenable)."));
    else if (state == IPP_PSTATE_PROCESSING && is_unreachable(message))
        health_set(health, PRINTER_OFFLINE, N_("The printer does not answer."));
    else if (reason)
        health_set(health, reason->health, reason->text);
    else
        health_set(health, state == IPP_PSTATE_PROCESSING ? PRINTER_PRINTING : PRINTER_READY, "");
}

static void queue_look(struct printer *printer, struct health *health)
{
    static const char *const WANTED[] = {"printer-state", "printer-state-reasons", "printer-state-message",
                                         "printer-is-accepting-jobs"};
    struct queue *queue = (struct queue *)printer;
    ipp_status_t status;
    ipp_t *answer = ask(request(queue, IPP_OP_GET_PRINTER_ATTRIBUTES, WANTED, G_N_ELEMENTS(WANTED)), &status);
    if (answer)
        judge(answer, health);
    else if (status == IPP_STATUS_ERROR_NOT_FOUND)
        health_set(health, PRINTER_OFFLINE, N_("CUPS has no such queue."));
    else
        health_set(health, PRINTER_OFFLINE, N_("CUPS does not answer."));
    ippDelete(answer);
}

/* --- sending -------------------------------------------------------------------------------------------- */

static gboolean is_raw(const cups_dest_t *dest)
{
    const char *model = cupsGetOption("printer-make-and-model", dest->num_options, dest->options);
    return model && (strstr(model, "Raw Printer") || strstr(model, "Raw Queue"));
}

/* The paper by its size: CUPS gives the same size other names. */
static gboolean find_media(struct queue *queue, cups_dest_t *dest, cups_dinfo_t *info, int width_um,
                           int height_um, GError **error)
{
    if (queue->media[0] && queue->media_width_um == width_um && queue->media_height_um == height_um)
        return TRUE;
    cups_size_t size;
    int width = width_um / UM_PER_CUPS_UNIT, height = height_um / UM_PER_CUPS_UNIT;
    gboolean found = cupsGetDestMediaBySize(CUPS_HTTP_DEFAULT, dest, info, width, height,
                                            CUPS_MEDIA_FLAGS_DEFAULT, &size) &&
                     ABS(size.width - width) <= MEDIA_SLACK && ABS(size.length - height) <= MEDIA_SLACK;
    if (!found) {
        g_autofree char *paper = g_strdup_printf("%d x %d", width_um / 1000, height_um / 1000);
        return err_set(error, ERR_PRINTER_MEDIA, queue->name, paper);
    }
    g_strlcpy(queue->media, size.media, sizeof queue->media);
    queue->media_width_um = width_um;
    queue->media_height_um = height_um;
    return TRUE;
}

static gboolean upload(cups_dest_t *dest, cups_dinfo_t *info, const struct document *document,
                       const struct submission *submission, int count, cups_option_t *options)
{
    if (cupsStartDestDocument(CUPS_HTTP_DEFAULT, dest, info, (int)submission->cups_id, submission->uuid,
                              CUPS_FORMAT_PDF, count, options, 1) != HTTP_STATUS_CONTINUE)
        return FALSE;
    const char *data = (const char *)document->bytes->data;
    if (cupsWriteRequestData(CUPS_HTTP_DEFAULT, data, document->bytes->len) != HTTP_STATUS_CONTINUE) {
        cupsFinishDestDocument(CUPS_HTTP_DEFAULT, dest, info);
        return FALSE;
    }
    return cupsFinishDestDocument(CUPS_HTTP_DEFAULT, dest, info) == IPP_STATUS_OK;
}

/* Whether a failed request to make a job certainly made none: cupsd answered and said no. */
static gboolean is_a_no(ipp_status_t status)
{
    return status >= IPP_STATUS_ERROR_BAD_REQUEST && status != IPP_STATUS_ERROR_INTERNAL &&
           status != IPP_STATUS_ERROR_SERVICE_UNAVAILABLE;
}

static enum sent send_to(struct queue *queue, cups_dest_t *dest, cups_dinfo_t *info,
                         const struct document *document, struct submission *submission, GError **error)
{
    cups_option_t *options = NULL;
    int count = cupsAddOption(CUPS_MEDIA, queue->media, 0, &options), job_id = 0;
    count = cupsAddOption("print-scaling", "none", count, &options);
    ipp_status_t status = cupsCreateDestJob(CUPS_HTTP_DEFAULT, dest, info, &job_id, submission->uuid, count, options);
    enum sent sent = SENT_TAKEN;
    submission->cups_id = job_id;
    if (status > IPP_STATUS_OK_EVENTS_COMPLETE || job_id == 0)
        sent = is_a_no(status) ? SENT_REFUSED : SENT_UNKNOWN;
    else if (!upload(dest, info, document, submission, count, options))
        sent = SENT_UNKNOWN;
    if (sent != SENT_TAKEN)
        err_set(error, ERR_PRINTER_SENT, queue->name, cupsLastErrorString());
    cupsFreeOptions(count, options);
    return sent;
}

static enum found queue_find(struct printer *printer, struct submission *submission);

static void close_dest(cups_dinfo_t *info, cups_dest_t *dest)
{
    cupsFreeDestInfo(info);
    cupsFreeDests(dest ? 1 : 0, dest);
}

/* The queue's description, when it takes PDFs of this paper; to be freed with close_dest(). */
static cups_dinfo_t *open_dest(struct queue *queue, cups_dest_t **dest, int width_um, int height_um, GError **error)
{
    *dest = cupsGetNamedDest(CUPS_HTTP_DEFAULT, queue->name, NULL);
    cups_dinfo_t *info = *dest ? cupsCopyDestInfo(CUPS_HTTP_DEFAULT, *dest) : NULL;
    if (!info)
        err_set(error, ERR_PRINTER_OPEN, queue->name, cupsLastErrorString());
    else if (is_raw(*dest))
        err_set(error, ERR_PRINTER_RAW, queue->name);
    else if (find_media(queue, *dest, info, width_um, height_um, error))
        return info;
    close_dest(info, *dest);
    return NULL;
}

static enum sent queue_send(struct printer *printer, const struct document *document, struct submission *submission,
                            GError **error)
{
    struct queue *queue = (struct queue *)printer;
    cups_dest_t *dest = NULL;
    cups_dinfo_t *info = open_dest(queue, &dest, document->width_um, document->height_um, error);
    if (!info)
        return SENT_REFUSED;
    enum sent sent = send_to(queue, dest, info, document, submission, error);
    close_dest(info, dest);
    if (sent == SENT_TAKEN)
        queue_find(printer, submission);
    return sent;
}

static gboolean queue_takes(struct printer *printer, int width_um, int height_um, GError **error)
{
    cups_dest_t *dest = NULL;
    cups_dinfo_t *info = open_dest((struct queue *)printer, &dest, width_um, height_um, error);
    if (info)
        close_dest(info, dest);
    return info != NULL;
}

/* --- following ------------------------------------------------------------------------------------------ */

static const char *const JOB_WANTED[] = {
    "job-id", "job-name", "job-uuid", "job-state", "job-state-reasons", "job-media-sheets-completed",
    "job-impressions-completed", "job-k-octets", "time-at-processing",
};

/* Jobs in an answer come as groups: reads one attribute group a time. */
static gboolean find_job_named(ipp_t *answer, struct submission *submission)
{
    for (ipp_attribute_t *at = ippFirstAttribute(answer); at;) {
        while (at && ippGetGroupTag(at) != IPP_TAG_JOB)
            at = ippNextAttribute(answer);
        int64_t id = 0;
        const char *uuid = "";
        gboolean named = FALSE;
        for (; at && ippGetGroupTag(at) == IPP_TAG_JOB; at = ippNextAttribute(answer)) {
            const char *name = ippGetName(at);
            if (g_strcmp0(name, "job-id") == 0)
                id = ippGetInteger(at, 0);
            else if (g_strcmp0(name, "job-uuid") == 0)
                uuid = ippGetString(at, 0, NULL);
            else if (g_strcmp0(name, "job-name") == 0)
                named = g_strcmp0(ippGetString(at, 0, NULL), submission->uuid) == 0;
        }
        if (named && id) {
            submission->cups_id = id;
            g_strlcpy(submission->cups_uuid, uuid, sizeof submission->cups_uuid);
            return TRUE;
        }
    }
    return FALSE;
}

static enum found queue_find(struct printer *printer, struct submission *submission)
{
    struct queue *queue = (struct queue *)printer;
    ipp_t *ipp = request(queue, IPP_OP_GET_JOBS, JOB_WANTED, 3);
    ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "all");
    ipp_status_t status;
    ipp_t *answer = ask(ipp, &status);
    if (!answer)
        return CANT_ASK;
    enum found found = find_job_named(answer, submission) ? FOUND : NOT_FOUND;
    ippDelete(answer);
    return found;
}

/* Whether the queue has the job's name only. number-of-documents can't say: it is 0 again once cupsd has
 * removed the files of a job that ended. */
static gboolean is_empty(ipp_t *answer)
{
    return number_of(answer, "job-k-octets", 1) == 0;
}

static void judge_job(ipp_t *answer, struct progress *progress)
{
    int state = number_of(answer, "job-state", IPP_JSTATE_PENDING);
    gboolean began = number_of(answer, "time-at-processing", 0) > 0;
    gboolean errors = has_reason(answer, "job-state-reasons", "job-completed-with-errors");
    progress->pages_done = MAX(number_of(answer, "job-media-sheets-completed", 0),
                               number_of(answer, "job-impressions-completed", 0));
    progress->stage = STAGE_WAITING;
    if (state == IPP_JSTATE_COMPLETED && !errors)
        progress->stage = STAGE_PRINTED;
    else if ((state == IPP_JSTATE_CANCELED || state == IPP_JSTATE_ABORTED) && !began)
        progress->stage = is_empty(answer) ? STAGE_NOT_SENT : STAGE_FAILED;
    else if (state >= IPP_JSTATE_CANCELED)
        progress->stage = STAGE_UNKNOWN;
    /* After a backend's exit 1 the job waits five minutes while the printer says it is idle. */
    if (state == IPP_JSTATE_HELD && !has_reason(answer, "job-state-reasons", "job-incoming"))
        g_strlcpy(progress->text, N_("The queue holds a label back."), sizeof progress->text);
    if (state == IPP_JSTATE_CANCELED)
        g_strlcpy(progress->text, N_("CUPS says it was cancelled."), sizeof progress->text);
    else if (state >= IPP_JSTATE_ABORTED && progress->stage != STAGE_PRINTED)
        g_strlcpy(progress->text, N_("CUPS says it ended with an error."), sizeof progress->text);
}

/* A job whose content never came, because its sender was killed: nobody else will bring it. */
static gboolean is_abandoned(ipp_t *answer)
{
    return has_reason(answer, "job-state-reasons", "job-incoming") && is_empty(answer);
}

static void cancel(const struct queue *queue, int job_id)
{
    ipp_t *ipp = request(queue, IPP_OP_CANCEL_JOB, JOB_WANTED, 1);
    ippAddInteger(ipp, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job_id);
    ipp_status_t status;
    ippDelete(ask(ipp, &status));
}

/* An id alone proves nothing: the job must carry the name. */
static void queue_follow(struct printer *printer, const struct submission *submission, struct progress *progress)
{
    struct queue *queue = (struct queue *)printer;
    *progress = (struct progress){.stage = STAGE_GONE};
    struct submission now = *submission;
    for (int try = 0; try < 2; try++) {
        ipp_t *ipp = request(queue, IPP_OP_GET_JOB_ATTRIBUTES, JOB_WANTED, G_N_ELEMENTS(JOB_WANTED));
        ippAddInteger(ipp, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", (int)now.cups_id);
        ipp_status_t status = IPP_STATUS_ERROR_NOT_FOUND;
        ipp_t *answer = NULL;
        if (now.cups_id)
            answer = ask(ipp, &status);
        else
            ippDelete(ipp);
        if (answer && strcmp(text_of(answer, "job-name"), now.uuid) == 0) {
            judge_job(answer, progress);
            if (is_abandoned(answer))
                cancel(queue, (int)now.cups_id);
            ippDelete(answer);
            return;
        }
        ippDelete(answer);
        enum found found = status == IPP_STATUS_ERROR_NOT_FOUND || answer ? queue_find(printer, &now) : CANT_ASK;
        if (found != FOUND) {
            progress->stage = found == NOT_FOUND ? STAGE_GONE : STAGE_CANT_ASK;
            return;
        }
    }
}

const struct printer_ops printer_cups = {
    .scheme = "cups",
    .renderer = &render_pdf,
    .open = queue_open,
    .close = queue_close,
    .send = queue_send,
    .find = queue_find,
    .follow = queue_follow,
    .look = queue_look,
    .takes = queue_takes,
};
