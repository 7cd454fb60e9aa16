"""Every channel variable and global variable of the hotline, with its meaning. Asterisk's own variables are left out.

A test compares the list with what ``dialplans/`` and the Python code use. All names begin with ``HOTLINE_``.
"""

from enum import StrEnum


class Variable(StrEnum):
    """The names. *inherited*: set as ``__NAME``, so that the channels of the ringing phones have it, too.

    *shared*: read and written by other channels through Asterisk's function SHARED.
    """

    # global
    ENGINE = "HOTLINE_ENGINE"  # address of the engine's FastAGI server: agi://127.0.0.1:PORT
    PROCESSES = "HOTLINE_PROCESSES"  # number of script processes (layer 2) that may run at once
    POOL = "HOTLINE_POOL"  # queue of the general group
    POOL_EVENT = "HOTLINE_POOL_EVENT"  # text of the call event that offers a call to the general group
    STATE = "HOTLINE_STATE"  # open; stopping while the hotline is being stopped: new callers are refused

    NODE = "HOTLINE_NODE"  # open while this node of a cluster takes calls of the front; closed, or not set, otherwise

    # the queues of a cluster
    QUEUE_AT = (
        "HOTLINE_QUEUE_AT"  # global, with _QUEUE behind it: the node that has the queue; 0 if none has; "" for this one
    )
    HOMES = "HOTLINE_HOMES"  # global: a digest of all homes; a restarted Asterisk does not have it
    STAFF = "HOTLINE_STAFF"  # global: the staff of the groups whose queue is elsewhere (ivr.asterisk.staff_elsewhere)
    WAITS_IN = "HOTLINE_WAITS_IN"  # the queue in which the caller waits, here or at its home
    BEGAN = "HOTLINE_BEGAN"  # shared: when the caller began to wait, in milliseconds since 1970
    POSITION = "HOTLINE_POSITION"  # the caller's place in the queue
    LIMIT = "HOTLINE_LIMIT"  # how many callers may wait there; "" for no limit
    FRONT_AWAY = "HOTLINE_FRONT_AWAY"  # global: when the front did not answer last, in seconds since 1970
    PLACE = "HOTLINE_PLACE"  # end of a handed-over caller's wait, from [leg-to-home]
    HANDED_FROM = "HOTLINE_HANDED_FROM"  # endpoint of the node from which the caller was handed over
    HOME_END = "HOTLINE_HOME_END"  # shared: hangup cause of the call to the home
    HOME_TRIES = "HOTLINE_HOME_TRIES"  # how often the node tried to hand the caller over
    CALLER_CHANNEL = "HOTLINE_CALLER_CHANNEL"  # on the channel to the home: the channel of the caller
    SEAT_QUEUE = "HOTLINE_SEAT_QUEUE"  # queue of the first group of the seat whose phone this is (pjsip.conf)

    # an incoming call
    SEAT = "HOTLINE_SEAT"  # number of the seat whose phone this is (pjsip.conf)
    DIALLED = "HOTLINE_DIALLED"  # the called number, digits and + only
    CALLER = "HOTLINE_CALLER"  # the caller's number, digits and + only; empty if withheld
    PRIVATE = "HOTLINE_PRIVATE"  # yes if the trunk asked not to show the caller's number (Privacy: id)
    CENTER_KEY = "HOTLINE_CENTER_KEY"  # digits of the caller's number, or "withheld": the name in GROUP(center)

    TRUNK = "HOTLINE_TRUNK"  # name of the trunk by which the call came in (pjsip.conf)
    HEADER = "HOTLINE_HEADER"  # the number in a SIP header

    # a call out
    ROUTE = "HOTLINE_ROUTE"  # position of the route that is tried; a route is one host of a trunk
    PASS = "HOTLINE_PASS"  # first; second for the hosts that the first pass left out
    TRIED = "HOTLINE_TRIED"  # yes if a route was tried
    NUMBER = "HOTLINE_NUMBER"  # the number in the form that the trunk wants
    LEG = "HOTLINE_LEG"  # channel of the route that was tried last
    CODE = "HOTLINE_CODE"  # status code of the trunk's last response
    URGENT = "HOTLINE_URGENT"  # 1 if an emergency service is dialled, else 0
    SHOW_OWN = "HOTLINE_SHOW_OWN"  # yes after 403: the hotline's own number is shown
    UNREGISTERED = "HOTLINE_UNREGISTERED"  # global, with _TRUNK behind it: yes while the trunk is not registered

    # the call script and its progress
    # running; left: the dialplan makes an offer, and runs the script again if nobody serves the caller; done: the
    # script came to its end; served: the caller was served, and no prompt follows
    SCRIPT = "HOTLINE_SCRIPT"
    SERVED = "HOTLINE_SERVED"  # HOTLINE_SCRIPT once a seat served the caller: left if a rating is asked for, else done
    PROGRESS = "HOTLINE_PROGRESS"  # text of ivr.routing.progress, for the next script; the dialplan never looks into it
    STEP = "HOTLINE_STEP"  # the present step of the call: none, center, expert, agents, service, served, message, kept
    OFFER_END = "HOTLINE_OFFER_END"  # end of the last offer: none (not ended), DIALSTATUS, QUEUESTATUS, or KEY
    KEY = "HOTLINE_KEY"  # the key with which the caller answered the menu, or left the queue
    UNHEARD = "HOTLINE_UNHEARD"  # yes unless the caller heard the opening before the menu to its end
    UNPLAYED = "HOTLINE_UNPLAYED"  # yes if a prompt of this call could not be played
    STAYS = "HOTLINE_STAYS"  # g, an option of Dial: the caller stays after the talk, so that the script logs a failure
    UNRECORDED = "HOTLINE_UNRECORDED"  # yes if the recording of this call failed
    MESSAGE = "HOTLINE_MESSAGE"  # id of the work order of the message that is recorded now
    UNIT = "HOTLINE_UNIT"  # layer 3: the unit that gets the work order, percent-encoded
    RECORDED = "HOTLINE_RECORDED"  # inherited: the channel whose recording runs
    PAUSED = "HOTLINE_PAUSED"  # yes while an agent has paused the recording

    # on ringing phones
    CALL = "HOTLINE_CALL"  # inherited, shared: id of the citizen's call
    LINE = "HOTLINE_LINE"  # inherited: the number dialled, as registered
    CITIZEN = "HOTLINE_CITIZEN"  # shared, on a seat's channel: the citizen's number, and the name that the seat sees
    NEEDS_EXPERT = "HOTLINE_NEEDS_EXPERT"  # inherited: yes if an expert should have answered
    EMERGENCY = "HOTLINE_EMERGENCY"  # inherited: 110, 119, … of a caller in an emergency
    SINCE = "HOTLINE_SINCE"  # inherited: time of the caller's first offer, in seconds since 1970
    WAITED = "HOTLINE_WAITED"  # seconds since the caller's first offer
    SEATED = "HOTLINE_SEATED"  # the seat that is signed in at a ringing phone, if it is not the phone's own seat

    # an emergency's conference
    SERVICE_END = "HOTLINE_SERVICE_END"  # alone until the service or an agent has served the caller, then served
    QUEUE = "HOTLINE_QUEUE"  # inherited: the queue that rings an agent
    PRIORITY = "HOTLINE_PRIORITY"  # inherited: the caller's priority in that queue
    SERVICE_CALLER = "HOTLINE_SERVICE_CALLER"  # inherited: the number that the service sees and may call back
    ROOM = "HOTLINE_ROOM"  # inherited: the channel that holds the conference

    # a consult and an agent's keys
    CITIZEN_CHANNEL = "HOTLINE_CITIZEN_CHANNEL"  # inherited: channel of the citizen whose call a seat was offered
    CONSULT_PENDING = "HOTLINE_CONSULT_PENDING"  # shared, the citizen's channel: ringing, talking, over-MS, or the end
    AGENT_LEFT = "HOTLINE_AGENT_LEFT"  # shared, the citizen's channel: when the agent who consulted hung up, in ms
    LEFT_AT = "HOTLINE_LEFT_AT"  # value of AGENT_LEFT; the present time if that is not set
    RETURN = "HOTLINE_RETURN"  # queue to which the citizen returns if the agent is gone
    RETURN_EVENT = "HOTLINE_RETURN_EVENT"  # text of the call event that offers the call to that queue
    CONSULTER = "HOTLINE_CONSULTER"  # inherited: channel of the agent who consults
    SECOND_LINE = (
        "HOTLINE_SECOND_LINE"  # inherited: text of the call events of a consult on a phone's second line, without act
    )
    CONSULTED = "HOTLINE_CONSULTED"  # shared, on the agent's channel: channel of the party consulted last
    ASKED = "HOTLINE_ASKED"  # shared, on the agent's channel: number of the party consulted last
    ORDERED = "HOTLINE_ORDERED"  # shared, on the agent's channel, with _NUMBER behind it: yes, a work order was made

    KEYS = "HOTLINE_KEYS"  # on the agent's channel: the script of the agent's keys, while it runs
    HOLDS = "HOTLINE_HOLDS"  # on the agent's channel: yes while the other party is held

    # guidance and supervisors
    WATCHED = "HOTLINE_WATCHED"  # channel of the agent whose call is watched
    WATCH_CALL = "HOTLINE_WATCH_CALL"  # id of the citizen's call
    WATCH_SEAT = "HOTLINE_WATCH_SEAT"  # the agent's seat
    WATCH_BY = "HOTLINE_WATCH_BY"  # the watcher's seat
    WATCH_ROLE = "HOTLINE_WATCH_ROLE"  # expert or supervisor
    WATCH_MODE = "HOTLINE_WATCH_MODE"  # option of ChanSpy: empty listens, w whispers, B speaks to both
    GUIDE = "HOTLINE_GUIDE"  # shared, on the agent's channel: channel of the expert's phone
    TAKES_OVER = (
        "HOTLINE_TAKES_OVER"  # shared, on the channel of the watcher who takes over: yes; then the channel to join
    )
    PHONE_HOLDS = "HOTLINE_PHONE_HOLDS"  # shared, on the agent's channel: held or resumed, until that is noted
    OWN_KEYS = "HOTLINE_OWN_KEYS"  # on that channel: the names of its feature codes, which work after the prompt
    RELEASED = "HOTLINE_RELEASED"  # inherited: channel of the agent whom a watcher replaces
    TAKER = "HOTLINE_TAKER"  # inherited: channel of the watcher who takes over
    TOLD = "HOTLINE_TOLD"  # inherited: channel of the only party that hears a prompt

    # a supervisor pulls a waiting caller
    PULL_EVENT = "HOTLINE_PULL_EVENT"  # text of the call event with the seat to which the caller is pulled

    # a phone in a desk page
    RETURNS = "HOTLINE_RETURNS"  # inherited: the agent's channel from before the page was reloaded
    RETURNS_MUTED = "HOTLINE_RETURNS_MUTED"  # inherited: on if the citizen is held, and hears no agent

    # for calls that the engine originates
    AGENT = "HOTLINE_AGENT"  # inherited: seat of the agent who calls back
    MISSED = "HOTLINE_MISSED"  # inherited: id of the call that was missed
    ORDER = "HOTLINE_ORDER"  # inherited: the work order about which a citizen is asked
    PLACED_SEAT = "HOTLINE_PLACED_SEAT"  # a seat that signs in or out at the desk
    PLACED_PHONE = "HOTLINE_PLACED_PHONE"  # the phone at which that seat signs in or out
    SEAT_THERE = "HOTLINE_SEAT_THERE"  # the seat at that phone from now on; empty for the phone's own seat
    PHONE_THERE = "HOTLINE_PHONE_THERE"  # the phone of that seat from now on; empty for the seat's own phone
    CLOCK_STEP = "HOTLINE_CLOCK_STEP"  # seconds by which the system clock was set
    CONTACTS = "HOTLINE_CONTACTS"  # keys of the registered contacts whose expiry is still to be moved
    CONTACT = "HOTLINE_CONTACT"  # key of the contact that is moved now
    REGISTRATION = "HOTLINE_REGISTRATION"  # record of that contact in Asterisk's database, JSON
    EXPIRY = "HOTLINE_EXPIRY"  # expiration time of that contact
