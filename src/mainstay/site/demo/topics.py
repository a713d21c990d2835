"""What people report, ask and answer in the demo. Data only.

Slots in braces are filled for each incident: {room}, {device}, {asset}, {application}, {site}, {colleague}.
"""

from typing import NamedTuple


class Topic(NamedTuple):
    """A kind of trouble, with the words that people use about it."""

    category: str
    team: str
    weight: int
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    notes: tuple[str, ...]
    solutions: tuple[str, ...]


TOPICS = (
    Topic(
        "hardware-printer",
        "workplace",
        12,
        ("The printer in room {room} does not print", "{device} prints blank pages", "Paper jam again on {device}"),
        (
            "Since this morning nothing comes out. The display says that it is ready. Asset tag {asset}.",
            "Every second page of {device} is empty. I have to send offers out today.",
        ),
        ("Does the display show a code?", "Does it happen from another computer too?"),
        ("It says 13.B2, and the tray is closed.", "Yes, {colleague} has the same problem."),
        ("Third time this month on {asset}; the fuser has done 180,000 pages.", "Queue on the print server was stuck."),
        ("Cleared the queue and restarted the spooler.", "Replaced the pick-up roller of tray 2 in {device}."),
    ),
    Topic(
        "hardware-computer",
        "workplace",
        14,
        ("My laptop {asset} does not start", "Laptop gets very hot and slow", "Docking station is not recognised"),
        (
            "I press the button, the light comes on for a second and then nothing happens.",
            "The fan runs all day and {application} needs minutes to open. The laptop is {asset}.",
        ),
        ("Have you tried it without the docking station?", "Since when has it been like this?"),
        ("Without the docking station it starts.", "Since the update on Monday, I think."),
        ("Battery health is at 41 %.", "Same model as the series with the faulty hinge, {asset}."),
        ("New battery fitted, tested for an hour.", "Firmware of the docking station updated."),
    ),
    Topic(
        "hardware-telephone",
        "on-site",
        4,
        ("No dial tone in room {room}", "Headset has no sound in calls"),
        ("Callers hear me, but I hear nothing.", "The telephone in {room} is dead; the cable looks fine."),
        ("Does another headset work at your place?", "Is the small green light at the socket on?"),
        ("The one of {colleague} works.", "No, it is dark."),
        ("Port was in the wrong network after the move.",),
        ("Replaced the headset.", "Moved the port to the voice network."),
    ),
    Topic(
        "hardware-peripheral",
        "workplace",
        6,
        ("Second monitor stays black", "Barcode scanner reads nothing in {site}"),
        ("The monitor worked on Friday. Since today it is only black.", "The scanner {asset} beeps but sends nothing."),
        ("Which cable goes into the monitor?", "Does it work at another computer?"),
        ("A thick one with two screws.", "No, at none of them."),
        ("Spare part is in the cabinet, shelf 4.",),
        ("Changed the cable.", "Set the scanner to its factory defaults and loaded our profile."),
    ),
    Topic(
        "software-business-application",
        "applications",
        16,
        (
            "{application} shows an error when I save",
            "{application} is very slow today",
            "Wrong totals in a report of {application}",
            "Cannot open the order screen of {application}",
        ),
        (
            "When I save an order, it says that the record is locked by {colleague}. She is on leave.",
            "Every click takes about twenty seconds. All of us in {site} have this.",
            "The report for last month lacks the deliveries from {site}.",
        ),
        ("Could you send the exact text of the message?", "Which order number is it?", "Is it slow for others too?"),
        ("It says: timeout while waiting for lock.", "It is order 40-{asset}.", "Yes, for the whole department."),
        (
            "Lock held by a session of {colleague} since last week.",
            "Index on deliveries was missing after the release.",
        ),
        ("Ended the stale session; the order can be saved.", "Index restored; the report takes two seconds again."),
    ),
    Topic(
        "software-office",
        "service-desk",
        8,
        ("Spreadsheet opens read-only", "Template for offers is missing", "Fonts look wrong in documents"),
        (
            "The shared spreadsheet of {site} opens read-only for everybody.",
            "I cannot find the offer template any more.",
        ),
        ("Where is the file kept?", "Which version do you use?"),
        ("On the department drive, folder {room}.", "The one from the software centre."),
        ("Lock file left behind by a crash.",),
        ("Removed the old lock file.", "Templates are back; sign out and in once to see them."),
    ),
    Topic(
        "software-operating-system",
        "workplace",
        7,
        ("Update does not finish on {asset}", "Blue screen after the update", "Clock is one hour wrong"),
        (
            "The update stops at 34 % and starts again every morning.",
            "Since the update it crashes when I plug in {device}.",
        ),
        ("How much space is free on the disk?", "Can you leave it on over night?"),
        ("Only 2 GB.", "Yes, I leave it on today."),
        ("Known fault of the driver for {device}.",),
        ("Disk cleaned up, update went through.", "Driver for {device} replaced by the previous one."),
    ),
    Topic(
        "network-remote-access",
        "network",
        9,
        ("Remote access breaks off every few minutes", "Cannot connect from home"),
        ("I work from home and the connection drops in every call.", "It says that the certificate has expired."),
        ("Which provider do you have at home?", "What time was the last drop?"),
        ("A cable provider, the telephone is fine.", "At 10:12, and again at 10:31."),
        ("Gateway 2 logs show fragmentation; MTU of the provider is 1,420.",),
        ("Packet size lowered in the profile.", "New certificate issued and installed."),
    ),
    Topic(
        "network-wireless-network",
        "network",
        6,
        ("No wireless network in the {site} meeting room", "Wireless network is weak in room {room}"),
        ("Our guests cannot connect, and neither can we.", "One bar at most, and only beside the window."),
        ("Which name does the network have that you see?", "Is it the whole room?"),
        ("Only the one for guests.", "The back half of it."),
        ("Access point {asset} had no power since the works on the ceiling.",),
        ("Access point connected again.", "Second access point mounted in {room}."),
    ),
    Topic(
        "network-local-network",
        "network",
        5,
        ("No network at the packing line in {site}", "Network drive cannot be reached"),
        ("The whole line stands still, labels cannot be printed.", "Drive G: has a red cross since 9 o'clock."),
        ("Are all places on the line affected?", "Can you open the intranet?"),
        ("All four of them.", "No, nothing opens."),
        ("Switch in cabinet {room} lost its uplink; transceiver worn out.",),
        ("Transceiver changed, all ports are up.", "File server is back after a failed disk was replaced."),
    ),
    Topic(
        "account-sign-in",
        "accounts",
        14,
        ("I cannot sign in", "Password has expired while I was on leave", "New telephone, no more codes"),
        ("It says that my account is locked.", "I have a new telephone and the old one is gone. I need the codes."),
        ("Can I call you back at the number we have?", "When did you last sign in?"),
        ("Yes, I am at my desk until four.", "Two weeks ago, before my leave."),
        ("Identity checked by calling back.", "Seven failed tries from a tablet with the old password."),
        (
            "Account unlocked; please remove the old password from your tablet.",
            "Second factor set up on the new telephone.",
        ),
    ),
    Topic(
        "account-permissions",
        "accounts",
        10,
        (
            "No access to the folder of {site}",
            "{colleague} needs the rights of the department",
            "Role missing in {application}",
        ),
        ("I moved to {site} and cannot open their folder.", "In {application} the button for approvals is missing."),
        ("Who is the owner of the folder?", "Since when have you been in the department?"),
        ("{colleague} is the owner and has agreed.", "Since the first of the month."),
        ("Approval of {colleague} is attached to the mail.",),
        ("Added to the group; sign out and in once.", "Role assigned after approval."),
    ),
    Topic(
        "e-mail",
        "service-desk",
        10,
        (
            "Mails to a customer come back",
            "Mailbox is full",
            "Shared mailbox of {site} has vanished",
            "Strange mail with an attachment",
        ),
        (
            "Everything to this customer returns with code 550.",
            "I got a mail from {colleague} that {colleague} never sent.",
        ),
        ("Could you forward the returned mail as an attachment?", "Did you open the attachment?"),
        ("Done, you should have it.", "No, I only looked at it."),
        ("Their server rejects us since our new address range.", "Sender blocked, 14 copies removed from mailboxes."),
        ("Address range registered; mails arrive again.", "Old mails moved to the archive, 3 GB are free."),
    ),
    Topic(
        "other",
        "service-desk",
        4,
        ("Projector in {room} has a purple picture", "Badge reader at the {site} entrance is dark"),
        ("Everything on the screen is purple.", "Nobody gets in without ringing."),
        ("Is it purple without a computer too?",),
        ("Yes, the menu is purple as well.",),
        ("Reader is looked after by the building's owner.",),
        ("Cable changed.", "The owner of the building has replaced the reader."),
    ),
)

DEVICES = ("the large printer", "the label printer", "the plotter", "the colour printer", "the scanner station")
APPLICATIONS = ("the order system", "the warehouse system", "the time sheets", "the calibration archive", "the payroll")
SITES = ("Leeds", "Lyon", "Kaunas", "Halifax", "Production", "Quality assurance", "Finance", "the warehouse")

GREETINGS = ("Thank you for your message.", "Hello, I am looking at it now.", "Thank you, I have taken this over.")
CHASES = ("Is there any news?", "It has just happened again.", "Could somebody have a look today, please?")
THANKS = ("It works again, thank you!", "Perfect, thank you.", "Solved, thank you for the quick help.")
REOPEN_REASONS = ("It is back since this morning.", "It worked for one day only.", "The same message appears again.")
TASKS = ("Order the spare part", "Call the supplier back", "Inform the department", "Check the neighbouring devices")
WORK_NOTES = ("Looked at it remotely", "On site", "Call with the requester", "Research", "")
