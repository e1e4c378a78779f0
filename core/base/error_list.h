/* SPDX-License-Identifier: MIT
 *
 * The one table of errors. A row: id, stable number (shown as PL-0340), exit code of a command that ends
 * with it, what happened, what to do. {1} {2} ... are arguments, always text; see err_set().
 * Numbers are never reused: staff read them over the phone. Each section owns a block of a hundred.
 * Include it with E(id, number, exit, text, hint) defined; see error.h.
 */

/* --- 0100 base: usage, settings, files ----------------------------------------------------------- */
E(ERR_USAGE, 100, EXIT_USAGE, N_("{1}"), N_("See packline help."))
E(ERR_FILE_READ, 101, EXIT_DATA, N_("Can't read {1}: {2}"), N_("Check the path and its permissions."))
E(ERR_FILE_WRITE, 102, EXIT_DATA, N_("Can't write {1}: {2}"), N_("Check the path, its permissions and the disk."))
E(ERR_SETTING_UNKNOWN, 103, EXIT_USAGE, N_("There is no setting {1}."), N_("packline settings lists them."))
E(ERR_SETTING_VALUE, 104, EXIT_USAGE, N_("Setting {1} can't be {2}: it takes {3}."), N_("packline settings lists them."))
E(ERR_INTERNAL, 199, EXIT_DATABASE, N_("Internal error: {1}"), N_("Note the number and tell your administrator."))

/* --- 0200 database ------------------------------------------------------------------------------- */
E(ERR_DB_URL, 200, EXIT_USAGE, N_("{1} is not a database address."), N_("Use sqlite:PATH or postgresql://HOST/NAME."))
E(ERR_DB_URL_PASSWORD, 201, EXIT_USAGE, N_("The database address holds a password."), N_("Put it in ~/.pgpass or a service file."))
E(ERR_DB_OPEN, 202, EXIT_DATABASE, N_("Can't open the database: {1}"), N_("Check the path or the server."))
E(ERR_DB_MISSING, 203, EXIT_DATABASE, N_("There is no database at {1}."), N_("Make one with packline init."))
E(ERR_DB_SQL, 204, EXIT_DATABASE, N_("The database refused {1}: {2}"), N_("Note the number and tell your administrator."))
E(ERR_DB_BUSY, 205, EXIT_DATABASE, N_("The database is busy."), N_("Try again; if it stays busy, end other programs that use it."))
E(ERR_DB_LOST, 206, EXIT_DATABASE, N_("The connection to the database is lost: {1}"), N_("The outcome is asked for when it is back."))
E(ERR_DB_SERIALIZE, 207, EXIT_DATABASE, N_("Another station changed the same rows."), N_("Try again."))
E(ERR_DB_CONSTRAINT, 208, EXIT_DATABASE, N_("The database's own rules refused it: {1}"), N_("Nothing was changed."))
E(ERR_DB_SCHEMA_NEWER, 209, EXIT_DATABASE, N_("The database is of a newer version ({1}) than this program ({2})."), N_("Upgrade packline on this machine."))
E(ERR_DB_SCHEMA_OLD, 210, EXIT_DATABASE, N_("The database is of version {1}, this program needs {2}."), N_("Run packline init to bring it up to date."))
E(ERR_DB_SCHEMA_CHANGED, 211, EXIT_DATABASE, N_("Migration {1} of the database differs from this program's."), N_("Use the program that made it."))
E(ERR_DB_NETWORK_FS, 212, EXIT_DATABASE, N_("{1} is on a network file system ({2})."), N_("SQLite needs a local disk; use PostgreSQL for several hosts."))
E(ERR_DB_NOT_FULL, 213, EXIT_DATABASE, N_("The database does not keep synchronous=FULL."), N_("Nothing is safe without it; check the SQLite build."))
E(ERR_DB_FULL, 214, EXIT_DATABASE, N_("The disk is full or read-only: {1}"), N_("Free space; nothing acknowledged is lost."))
E(ERR_DB_NOT_A_FLOOR, 215, EXIT_DATABASE, N_("{1} is not a packline database."), N_("Check the path."))

E(ERR_WRITER_LOST, 216, EXIT_DATABASE, N_("Another program took over this one's writer slot."), N_("It is claimed anew; try again."))

/* --- 0300 floor: what a scan or a command is answered with ---------------------------------------- */
E(ERR_SCAN_UNKNOWN, 300, EXIT_REFUSED, N_("Unknown code {1}"), N_("Scan an order, batch, tote, product or waybill."))
E(ERR_SCAN_IME, 301, EXIT_REFUSED, N_("An input method is on"), N_("Turn the input method off 請切換英數, then scan again."))
E(ERR_SCAN_CAPS, 302, EXIT_REFUSED, N_("Caps Lock is on"), N_("Turn Caps Lock off, then scan again."))
E(ERR_SCAN_DAMAGED, 303, EXIT_REFUSED, N_("The scan is damaged"), N_("Scan again; clean the code if it goes on."))
E(ERR_SCAN_MISREAD, 304, EXIT_REFUSED, N_("{1} is misread or not one of our codes"), N_("Scan again."))
E(ERR_SCAN_EMPTY, 305, EXIT_REFUSED, N_("Nothing was scanned"), N_("Scan again."))
E(ERR_SCAN_AMBIGUOUS, 306, EXIT_REFUSED, N_("{1} may be several things"), N_("Scan a narrower code: the order or the tote."))
E(ERR_SCAN_NOT_NOW, 307, EXIT_REFUSED, N_("{1} does not fit here"), N_("Scan what is asked for."))
E(ERR_SCAN_BARRED, 308, EXIT_REFUSED, N_("Not counted: the error stands"), N_("Close the error first (F2 or Esc)."))
E(ERR_LOGIN_FIRST, 309, EXIT_REFUSED, N_("Nobody is logged in"), N_("Log in with badge and PIN."))
E(ERR_BIN_BUSY, 310, EXIT_REFUSED, N_("{1} holds goods of several orders"), N_("Scan the order, the tote or a product."))
E(ERR_COMMAND_ARGUMENT, 311, EXIT_REFUSED, N_("{1} needs {2}"), N_("Give it and try again."))

E(ERR_FLOW_UNKNOWN, 320, EXIT_REFUSED, N_("There is no such {1}"), N_("It may have been removed; go back and look again."))
E(ERR_FLOW_STATE, 321, EXIT_REFUSED, N_("{1} is {2}: {3}"), N_("Nothing was changed."))
E(ERR_FLOW_BLOCKED, 322, EXIT_REFUSED, N_("{1} is stopped: {2}"), N_("Put it aside and call the shift lead."))
E(ERR_FLOW_CONFLICT, 323, EXIT_REFUSED, N_("{1} was changed by somebody else: {2}"), N_("Look at it again."))
E(ERR_FLOW_RIGHT, 324, EXIT_REFUSED, N_("{1} may not do this"), N_("A lead can approve it with badge and PIN."))
E(ERR_FLOW_KEY, 325, EXIT_REFUSED, N_("This key belongs to another event"), N_("Make a new key."))
E(ERR_FLOW_OUTBOUND, 326, EXIT_REFUSED, N_("{1} has left already: {2}"), N_("What comes back is a return."))
E(ERR_FLOW_EMPTY, 327, EXIT_REFUSED, N_("{1} has no lines to work"), N_("Map its listings first."))
E(ERR_FLOW_QUANTITY, 328, EXIT_REFUSED, N_("{1} is no quantity for {2}: 1 to {3}"), N_("The old count stays."))

E(ERR_BATCH_TAKEN, 330, EXIT_REFUSED, N_("{1} is in batch {2} already"), N_("Take it out of that batch first."))
E(ERR_BATCH_OWNED, 331, EXIT_REFUSED, N_("Batch {1} belongs to {2}"), N_("Confirm to take it over, or ask the lead."))
E(ERR_BATCH_COURIER, 332, EXIT_REFUSED, N_("{1} goes by {2}, the batch by {3}"), N_("Make a batch of one courier."))
E(ERR_NO_WORK, 333, EXIT_REFUSED, N_("There is no work to hand out"), N_("Ask the lead for a batch."))

E(ERR_PICK_BIN, 340, EXIT_REFUSED, N_("WRONG BIN: {1}, wanted {2}"), N_("Go to bin {2} and scan it."))
E(ERR_PICK_PRODUCT, 341, EXIT_REFUSED, N_("WRONG PRODUCT: {1}, wanted {2}"), N_("Put it back and scan {2}."))
E(ERR_PICK_LOT, 342, EXIT_REFUSED, N_("WRONG LOT: {1}, wanted {2}"), N_("Take from lot {2}."))
E(ERR_PICK_TOTE, 343, EXIT_REFUSED, N_("WRONG TOTE: {1} holds {2}"), N_("Put it into the tote of {3}."))
E(ERR_PICK_OVER, 344, EXIT_REFUSED, N_("Too many of {1}: {2} more are wanted"), N_("Put the rest back."))
E(ERR_PICK_STOCK, 345, EXIT_REFUSED, N_("The books have only {2} of {1} there"), N_("Declare it short; a count task is made."))
E(ERR_PICK_DONE, 346, EXIT_REFUSED, N_("{1} is picked already: {2}"), N_("Go on with the next line."))
E(ERR_TOTE_TAKEN, 347, EXIT_REFUSED, N_("Tote {1} is in use for {2}"), N_("Take an empty tote."))
E(ERR_TOTE_FIRST, 348, EXIT_REFUSED, N_("Scan the tote first"), N_("Every shipment of a batch has its own tote."))
E(ERR_SHORT_STOCK, 349, EXIT_REFUSED, N_("{1}: {2} wanted, {3} free"), N_("It waits for stock; receive or adjust it."))

E(ERR_PACK_ITEM, 360, EXIT_REFUSED, N_("WRONG ITEM: {1} is not in {2}"), N_("Take it out of the box."))
E(ERR_PACK_OVER, 361, EXIT_REFUSED, N_("TOO MANY: {1} is full ({2})"), N_("Take it out of the box."))
E(ERR_PACK_LOT, 362, EXIT_REFUSED, N_("Which lot of {1}?"), N_("Scan the lot."))
E(ERR_PACK_INCOMPLETE, 363, EXIT_REFUSED, N_("{1} is not complete: {2} to scan"), N_("Scan the rest, or a lead closes it as a split."))
E(ERR_PACK_NOTHING, 364, EXIT_REFUSED, N_("Nothing is counted into the box"), N_("Scan the first item."))
E(ERR_PACK_WEIGHT, 365, EXIT_REFUSED, N_("The weight is missing"), N_("Type the grams (F5)."))
E(ERR_UNDO_NOTHING, 366, EXIT_REFUSED, N_("There is nothing to undo"), N_("Undo takes back the last scan of this station."))

E(ERR_LABEL_OTHER, 370, EXIT_REFUSED, N_("WRONG WAYBILL: {1} belongs to {2}, wanted {3}"), N_("Keep both parcels here: their labels are swapped."))
E(ERR_LABEL_VOID, 371, EXIT_REFUSED, N_("Waybill {1} is void: {2}"), N_("Destroy it and use the new one."))
E(ERR_LABEL_CHANGED, 372, EXIT_REFUSED, N_("{1} was changed after waybill {2} was printed"), N_("Put it aside; a lead makes a new waybill."))
E(ERR_LABEL_UNKNOWN, 373, EXIT_REFUSED, N_("{1} is no waybill of ours"), N_("Scan the waybill that came out for this parcel."))
E(ERR_LABEL_NONE, 374, EXIT_REFUSED, N_("{1} has no waybill yet"), N_("Close the box first."))

E(ERR_DOCK_COURIER, 380, EXIT_REFUSED, N_("WRONG COURIER: {1} goes by {2}, this manifest is {3}"), N_("Put it to the parcels of {2}."))
E(ERR_DOCK_OUT, 381, EXIT_REFUSED, N_("{1} is out already: {2}"), N_("Nothing was counted."))
E(ERR_DOCK_CLOSED, 382, EXIT_REFUSED, N_("Manifest {1} is closed"), N_("Open a new one."))
E(ERR_DOCK_OPEN, 383, EXIT_REFUSED, N_("Manifest {1}: {2} parcels are unaccounted for"), N_("Scan them, or confirm to close without them."))
E(ERR_DOCK_NONE, 384, EXIT_REFUSED, N_("No manifest is open here"), N_("Choose the courier first."))

/* --- 0400 goods: products, stock, reservations ---------------------------------------------------- */
E(ERR_PRODUCT_UNKNOWN, 400, EXIT_DATA, N_("There is no product {1}."), N_("Import it with packline import products."))

E(ERR_STOCK_NEGATIVE, 401, EXIT_REFUSED, N_("{1} at {2}: the books have {3} free"), N_("Count the bin; nothing was changed."))
E(ERR_STOCK_REASON, 402, EXIT_REFUSED, N_("A stock change needs a reason"), N_("Give one."))
E(ERR_LOT_UNKNOWN, 403, EXIT_REFUSED, N_("{1} has no lot {2}"), N_("Receive the lot first."))
E(ERR_PRODUCT_CODE_TAKEN, 404, EXIT_DATA, N_("Code {1} can't be this product's."), N_("It is another product's, or begins with // like packline's own."))

/* --- 0500 intake: shop files ----------------------------------------------------------------------- */
E(ERR_IMPORT_FORMAT, 500, EXIT_DATA, N_("{1} does not look like a {2} file."), N_("Missing: {3}. Choose the shop with --shop."))
E(ERR_IMPORT_ENCODING, 501, EXIT_DATA, N_("{1} is not a text encoding packline reads."), N_("Use UTF-8, UTF-16, Big5 or GB18030."))
E(ERR_IMPORT_FILE_KIND, 502, EXIT_DATA, N_("{1} is not a regular file."), N_("Links, pipes and directories are not read; give the file itself."))
E(ERR_IMPORT_TOO_BIG, 503, EXIT_DATA, N_("{1} is larger than {2} MB."), N_("Raise the setting import_max_mb if that is right."))
E(ERR_IMPORT_ROW_LONG, 504, EXIT_DATA, N_("The row that begins on line {1} never ends."), N_("A quotation mark is missing there; mend the file and import it again."))
E(ERR_IMPORT_EMPTY, 505, EXIT_DATA, N_("{1} has no rows."), N_("Export it again from the shop."))
E(ERR_SHOP_FORMAT, 506, EXIT_DATA, N_("Shop format {1}: {2}"), N_("Mend the file in assets/shops."))
E(ERR_SHOP_FORMAT_UNKNOWN, 507, EXIT_USAGE, N_("There is no shop format {1}."), N_("One of: {2}"))
E(ERR_IMPORT_NO_MATCH, 508, EXIT_DATA, N_("{1} fits none of the known shop formats."), N_("Name one with --format, or describe it in assets/shops."))
E(ERR_IMPORT_SCATTERED, 509, EXIT_DATA, N_("The rows of too many orders are scattered over the file."), N_("Sort it by order number and import it again."))
E(ERR_SHOP_UNKNOWN, 510, EXIT_USAGE, N_("There is no shop {1}."), N_("An import with --shop makes it."))
E(ERR_SHOP_NAME, 511, EXIT_USAGE, N_("{1} can't be a shop's name."), N_("Use up to 40 letters, digits, - and _."))
E(ERR_LISTING_UNKNOWN, 512, EXIT_DATA, N_("{1} has never sold {2}."), N_("packline map list shows what waits to be mapped."))
E(ERR_IMPORT_COLUMNS, 513, EXIT_DATA, N_("{1} has no column {2}."), N_("Needed: {3}"))
E(ERR_IMPORT_REJECTED, 514, EXIT_DATA, N_("{1} rows were rejected."), N_("They are listed in {2}."))
E(ERR_DEMO_EXISTS, 520, EXIT_USAGE, N_("There is a demo floor in {1} already."), N_("Open it, or start over with --reset."))
E(ERR_DEMO_OTHER, 521, EXIT_REFUSED, N_("{1} is not a demo floor."), N_("Nothing was touched. Choose another directory."))

/* --- 0600 waybills, couriers, number ranges --------------------------------------------------------- */
E(ERR_COURIER_UNKNOWN, 600, EXIT_DATA, N_("There is no courier {1}."), N_("packline couriers lists them."))
E(ERR_COURIER_FILE, 601, EXIT_DATA, N_("Courier file {1}, {2}: {3} is not right."), N_("Correct that key; the other couriers' files show how."))
E(ERR_NUMBER_FORM, 602, EXIT_DATA, N_("{1} is not a number of {2}."), N_("Scan or type the waybill number again."))
E(ERR_NUMBER_CHECK, 603, EXIT_DATA, N_("{1} has a wrong check digit for {2}."), N_("Scan or type the waybill number again."))
E(ERR_NUMBER_MAKE, 604, EXIT_DATA, N_("{1} can't have the number {2} made for it."), N_("Correct the number range or the courier's file."))
E(ERR_RANGE_OVERLAP, 605, EXIT_DATA, N_("The numbers {1} to {2} are not a range of their own."), N_("A range goes upwards and shares no number with another one."))
E(ERR_RANGE_KIND, 606, EXIT_DATA, N_("{1} has no numbers of the kind {2}."), N_("See the kinds in the courier's file."))

E(ERR_WAYBILL_NONE, 610, EXIT_REFUSED, N_("No waybill numbers are left for {1} ({2})"), N_("Import a new number range with packline import ranges."))
E(ERR_WAYBILL_PENDING, 611, EXIT_REFUSED, N_("The waybill number of {1} has not come yet"), N_("Import the order again when the courier has issued it."))
E(ERR_WAYBILL_FORM, 612, EXIT_DATA, N_("{1} is no waybill number of {2}"), N_("Check the number."))
E(ERR_WAYBILL_TWICE, 613, EXIT_REFUSED, N_("Waybill number {1} is used already"), N_("Ask the courier for another one."))

/* --- 0700 printing: labels, printers, jobs, runs ---------------------------------------------------- */
E(ERR_PRINTER_UNKNOWN, 700, EXIT_DATA, N_("There is no printer {1}."), N_("packline printers lists them."))
E(ERR_TEMPLATE, 701, EXIT_DATA, N_("Label template {1}: {2}"), N_("Mend the file in assets/labels."))
E(ERR_BARCODE, 702, EXIT_DATA, N_("Can't make a {1} barcode: {2}"), N_("Check the number or the text it is to hold."))
E(ERR_BARCODE_ROOM, 703, EXIT_DATA, N_("The barcode of {1} does not fit its box."), N_("Use larger paper or a shorter number."))
E(ERR_LABEL_COD, 704, EXIT_DATA, N_("The amount to collect can't be printed in {1}."), N_("TWD is collected in whole dollars; mend the order."))
E(ERR_FONT, 705, EXIT_PRINTER, N_("No font for Chinese text: {1}"), N_("Install the package fonts-noto-cjk."))
E(ERR_RENDER, 706, EXIT_PRINTER, N_("Can't draw the label: {1}"), N_("Check the disk; the job stays in the queue."))

E(ERR_PRINTER_NONE, 709, EXIT_REFUSED, N_("This station has no printer"), N_("Give it one: packline printers."))
E(ERR_PRINTER_URI, 710, EXIT_USAGE, N_("{1} is no printer address or name."), N_("Use cups:QUEUE or file:DIRECTORY, and a short plain name."))
E(ERR_PRINTER_WAITING, 711, EXIT_REFUSED, N_("Labels wait for printer {1}."), N_("Let them come out, or move them, before it is removed."))
E(ERR_PRINTER_OPEN, 712, EXIT_PRINTER, N_("Printer {1} can't be used: {2}"), N_("Check its address, the directory or the queue."))
E(ERR_PRINTER_RAW, 713, EXIT_PRINTER, N_("Queue {1} is raw: it takes no PDF."), N_("Set it up with a driver or as IPP Everywhere."))
E(ERR_PRINTER_MEDIA, 714, EXIT_PRINTER, N_("Queue {1} has no paper of {2} mm."), N_("Choose the paper in the queue's settings, or another in the printer's address."))
E(ERR_PRINTER_SENT, 715, EXIT_PRINTER, N_("Printer {1} did not take the job: {2}"), N_("The labels go back to its queue."))
E(ERR_WORKER_LOCK, 716, EXIT_PRINTER, N_("Can't take the print worker's lock {1}: {2}"), N_("Check the permissions of its directory."))
E(ERR_JOB_UNKNOWN, 717, EXIT_DATA, N_("There is no print job {1}."), N_("packline jobs lists those that want an answer."))
E(ERR_JOB_DATA, 718, EXIT_PRINTER, N_("What job {1} is to print is not there any more."), N_("Print it anew from its order, batch or manifest."))
E(ERR_RUN_UNKNOWN, 719, EXIT_DATA, N_("There is no print run {1}."), N_("packline run status lists them."))
E(ERR_RUN_EMPTY, 720, EXIT_REFUSED, N_("Nothing is left to print for {1}."), N_("Choose orders that are released and have no waybill yet."))
E(ERR_RUN_STATE, 721, EXIT_REFUSED, N_("Run {1} is {2}."), N_("A running one can be paused or cancelled, a paused one continued."))
E(ERR_RUN_FILTER, 722, EXIT_USAGE, N_("{1} is no filter of orders."), N_("Use courier=CODE, batch=NUMBER or shop=CODE, with a blank between several."))

/* --- 0800 people: badges, PINs, roles ---------------------------------------------------------------- */
E(ERR_LOGIN, 800, EXIT_REFUSED, N_("Badge or PIN is wrong."), N_("Try again, or ask a lead."))
E(ERR_LOGIN_LOCKED, 801, EXIT_REFUSED, N_("Too many wrong PINs; wait {1} seconds."), N_("Wait, or ask an administrator for a new PIN."))
E(ERR_PIN_RULE, 802, EXIT_USAGE, N_("That PIN won't do: {1} digits or more, not all the same, not a run."), N_("Choose another one."))
E(ERR_PEPPER, 803, EXIT_DATABASE, N_("The key file {1} can't be used: {2}"), N_("It belongs to the program's user with mode 0400; packline init makes it, a backup brings it back."))
E(ERR_PERSON_UNKNOWN, 804, EXIT_DATA, N_("There is no person with badge {1}."), N_("packline people list shows them."))
E(ERR_PERSON_EXISTS, 805, EXIT_DATA, N_("Badge {1} is in use."), N_("Choose another badge."))
E(ERR_ROLE_UNKNOWN, 806, EXIT_USAGE, N_("There is no role {1}."), N_("picker, packer, dock, lead, manager or admin."))
E(ERR_PERMISSION, 807, EXIT_REFUSED, N_("{1} may not do this: {2}."), N_("A lead can approve it with badge and PIN."))
E(ERR_PERSON_BADGE, 808, EXIT_USAGE, N_("{1} can't be a badge."), N_("Use up to 63 letters and digits without blanks."))

/* --- 0900 terminal -------------------------------------------------------------------------------------- */
E(ERR_TERMINAL, 900, EXIT_USAGE, N_("This needs a terminal."), N_("Run it in a terminal, or use packline station --headless."))
