/* SPDX-License-Identifier: MIT
 *
 * Any bytes at any times: no crash, every text valid UTF-8, and the machine comes to rest.
 */
#include <stdint.h>

#include "tui/terminal/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void drain(struct input *input)
{
    struct input_event event;
    while (input_next(input, &event)) {
        if (event.text && !g_utf8_validate(event.text, -1, NULL))
            g_error("an event's text is no UTF-8");
        input_event_clear(&event);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input *input = input_new(25);
    int64_t now_ms = 0;
    /* A byte of 0xFE is a wait, the next byte says how long in 8 ms. */
    for (size_t i = 0; i < size; i++) {
        if (data[i] == 0xFE && i + 1 < size) {
            now_ms += data[++i] * 8;
            input_tick(input, now_ms);
        } else {
            char byte = (char)data[i];
            input_feed(input, &byte, 1, now_ms);
        }
        drain(input);
    }
    input_tick(input, now_ms + 10000);
    drain(input);
    if (input_deadline(input) >= 0)
        g_error("the machine does not come to rest");
    input_free(input);
    return 0;
}
