"""The real link: MQTT 5 over aiomqtt, with paho-mqtt beneath. Only this module and `mqtt_client` know either of them.

What is chosen here and why:
- A session is clean and ends with its connection; its id is new at every connect and stands in the will.
- Messages go from paho's callback straight into the inbox of the link: aiomqtt's own iterator makes a task a message.
- `post` hands a message to paho and returns: waiting for each confirmation in turn halves the rate of a rush.
- TCP_NODELAY on the socket: without it an answer waits for the delayed acknowledgement of the one before.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import uuid
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import aiomqtt
import structlog
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.subscribeoptions import SubscribeOptions

from broker.contract.channels import CONTROLLER_STATE, QOS
from broker.contract.ids import CONTROLLER
from broker.link.backoff import Backoff
from broker.link.link import LinkDownError, LinkRefusedError, P, will_of
from broker.link.message_dispatcher import MessageDispatcher, Reason
from broker.link.mqtt_client import Client, Inbox, properties, silent
from broker.link.split_brain import SplitBrainRule

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

    from paho.mqtt.properties import Properties

    from broker.contract.channels import Channel
    from broker.contract.payloads import ControllerState
    from broker.link.address import Address
    from broker.link.link import Handler, Message, UnreadableMessage, Unsubscribe
    from broker.link.link_counts import LinkCounts
    from broker.runtime.clock import Clock

log = structlog.get_logger()

KEEP_ALIVE_S = 15
CONNECT_S = 3.0
CONFIRM_S = 10.0
GOODBYE_S = 1.0
STEADY_S = 10.0
"""A connection that lasted this long was good: the pauses begin again. Two that push each other out never are."""
INBOX = 50_000
"""Messages that may wait for slow handlers; more are dropped and counted."""
OUTBOX = 20_000
"""Messages that may wait for a slow broker; more are LinkDownError."""
IN_FLIGHT = 1000

CONTROL_TOPIC = "$CONTROL/dynamic-security/v1"
CONTROL_ANSWERS = f"{CONTROL_TOPIC}/response"
REFUSED = (134, 135)
"""CONNACK: bad user name or password, not authorised."""
NO_SUBSCRIBER = 16
"""PUBACK: the message was accepted, and nobody subscribes to its topic."""

Arrival = tuple[str, bytes, bool, float]


class MqttLink:
    """A link to a broker; see `broker.link.link.Link`.

    `trust` makes the TLS context for `mqtts`, outside the event loop and before each connect; see `broker.link.tls`.
    `trouble` hears one sentence for people at the beginning of each time that the broker cannot be reached.
    """

    def __init__(
        self,
        address: Address,
        centre: str,
        name: str,
        password: str,
        clock: Clock,
        *,
        trust: Callable[[], ssl.SSLContext] | None = None,
        counts: LinkCounts | None = None,
        trouble: Callable[[str], None] | None = None,
    ) -> None:
        self._address = address
        self._centre = centre
        self._name = name
        self._password = password
        self._clock = clock
        self._trust = trust
        self._trouble = trouble
        self._board = MessageDispatcher(centre, name, clock, counts)
        self._backoff = Backoff()
        self._session = ""
        self._client: aiomqtt.Client | None = None
        self._rival = SplitBrainRule()
        self._lost: asyncio.Future[None] | None = None
        self._refused: asyncio.Future[None]  # of the present run
        self._inbox: deque[Arrival] = deque()
        self._woken = asyncio.Event()
        self._control: Callable[[bytes], None] | None = None
        self._expiries: dict[int, Properties] = {}
        self._acknowledged: dict[int, asyncio.Future[int]] = {}
        if name == CONTROLLER:
            self._board.on(CONTROLLER_STATE, self._watch, {})

    @property
    def centre(self) -> str:
        """The centre whose topics this link speaks."""
        return self._centre

    @property
    def name(self) -> str:
        """The user name at the broker."""
        return self._name

    @property
    def session(self) -> str:
        """The id of the present connection."""
        return self._session

    @property
    def connected(self) -> bool:
        """Tell whether the broker can be reached now."""
        return self._client is not None

    @property
    def counts(self) -> LinkCounts:
        """What this link has counted."""
        return self._board.counts

    def on(self, channel: Channel[P], handler: Handler[P], **segments: str) -> Unsubscribe:
        """Hear a channel; segments that are left out are heard for every value."""
        leave = self._board.on(channel, handler, segments)
        if self._client is not None and self._name != CONTROLLER:
            wanted = channel.filter(self._centre, **segments)
            asyncio.ensure_future(self._subscribe(self._client, [wanted])).add_done_callback(_forget)
        return leave

    def on_connect(self, handler: Callable[[], Awaitable[None]]) -> Unsubscribe:
        """Run something after each connect."""
        return self._board.on_connect(handler)

    def on_unreadable(self, handler: Callable[[UnreadableMessage], Awaitable[None]]) -> Unsubscribe:
        """Hear of messages that were refused before any handler saw them."""
        return self._board.on_unreadable(handler)

    def admit(self, gate: Callable[[str], bool]) -> None:
        """Ask a gate whether an arriving message is read."""
        self._board.admits = gate

    # ---- sending ----

    async def publish(
        self, channel: Channel[P], payload: P | None, *, expiry_s: int | None = None, **segments: str
    ) -> bool:
        """Send a message and return when the broker has confirmed it; `LinkDownError` when it cannot.

        False when the broker says that nobody subscribes to the topic.
        """
        topic, raw = channel.topic(self._centre, **segments), channel.encode(payload)
        if not self._board.may_send(channel.name, raw):
            return True  # dropped and counted: waiting for a reader would hold up all that follows
        self._board.counts.sent[channel.name] += 1
        return await self._confirmed(topic, raw, retain=channel.retained, properties=self._expiry(channel, expiry_s))

    def post(self, channel: Channel[P], payload: P | None, *, expiry_s: int | None = None, **segments: str) -> None:
        """Hand a message to the connection and return at once; `LinkDownError` when there is none or it is full."""
        client = self._live()
        topic, raw = channel.topic(self._centre, **segments), channel.encode(payload)
        if not self._board.may_send(channel.name, raw):
            return
        # aiomqtt has no publish that does not wait; its client is paho's, whose publish only queues.
        paho = client._client  # noqa: SLF001
        info = paho.publish(topic, raw, QOS, channel.retained, self._expiry(channel, expiry_s))
        if info.rc:
            raise LinkDownError(f"the connection to {self._address.url} takes no more messages ({info.rc})")
        self._board.counts.sent[channel.name] += 1

    async def control(self, raw: bytes) -> None:
        """Send a command to the broker's own security; only the controller may."""
        await self._confirmed(CONTROL_TOPIC, raw, retain=False, properties=None)

    def on_control(self, handler: Callable[[bytes], None]) -> Unsubscribe:
        """Hear the answers of the broker's own security; one hearer at a time."""
        self._control = handler

        def leave() -> None:
            self._control = None

        return leave

    async def _confirmed(self, topic: str, raw: bytes, *, retain: bool, properties: Properties | None) -> bool:
        client, lost = self._live(), self._lost
        info = client._client.publish(topic, raw, QOS, retain, properties)  # noqa: SLF001 - as in `post`
        if info.rc:
            raise LinkDownError(f"the connection to {self._address.url} takes no more messages ({info.rc})")
        answered = self._acknowledged[info.mid] = asyncio.get_running_loop().create_future()
        try:
            endings = {answered, lost} if lost else {answered}
            await asyncio.wait(endings, timeout=CONFIRM_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._acknowledged.pop(info.mid, None)
        if answered.done():
            return bool(answered.result() != NO_SUBSCRIBER)
        if lost is not None and lost.done():
            raise LinkDownError(f"the connection to {self._address.url} broke before it was confirmed")
        raise LinkDownError(f"{self._address.url} did not confirm within {CONFIRM_S:.0f} s")

    def _acknowledge(self, mid: int, reason: int) -> None:
        answered = self._acknowledged.get(mid)
        if answered is not None and not answered.done():
            answered.set_result(reason)

    def _live(self) -> aiomqtt.Client:
        if self._client is None:
            raise LinkDownError(f"{self._name} is not connected to {self._address.url}")
        return self._client

    def _expiry(self, channel: Channel[Any], expiry_s: int | None) -> Properties | None:
        seconds = expiry_s if expiry_s is not None else channel.expiry_s
        if seconds is None:
            return None
        if seconds not in self._expiries:
            self._expiries[seconds] = properties(PacketTypes.PUBLISH, MessageExpiryInterval=seconds)
        return self._expiries[seconds]

    # ---- staying connected ----

    async def run(self) -> None:
        """Keep the link up until cancelled; LinkRefusedError when the broker does not let this user in at the start."""
        self._refused = asyncio.get_running_loop().create_future()
        handling = asyncio.create_task(self._handle(), name=f"inbox {self._name}")
        try:
            while True:
                await self._attempt()
                await asyncio.sleep(self._backoff.pause())
        finally:
            handling.cancel()
            self._refused.cancel()
            await asyncio.gather(handling, return_exceptions=True)

    async def _attempt(self) -> None:
        """Connect once and stay as long as it lasts."""
        connects, began = self.counts.connects, self._clock.monotonic()
        try:
            await self._connection()
        except (aiomqtt.MqttError, OSError) as error:
            if isinstance(error, MqttConnectError) and _code(error) in REFUSED and not connects:
                password = "its password (LUOT_MQTT_PASSWORD)" if self._name == CONTROLLER else "its password"
                raise LinkRefusedError(
                    f"{self._address.url} does not let {self._name} in: {password} is wrong"
                ) from error
            lasted = self._clock.monotonic() - began
            self._report(error, was_up=self.counts.connects > connects)
            if lasted > STEADY_S:
                self._backoff.reset()

    def _report(self, error: Exception, *, was_up: bool) -> None:
        if was_up or self._backoff.fresh:
            log.warning("broker_unreachable", address=self._address.url, name=self._name, reason=str(error))
            if self._trouble is not None:
                self._trouble(f"{self._address.url} cannot be reached ({error}); trying again until it answers")

    async def _connection(self) -> None:
        session = str(uuid.uuid4())
        tls = await asyncio.to_thread(self._trust) if self._trust is not None else None
        async with self._make_client(session, tls) as client:
            self._rival.connected(session, self._clock.monotonic())
            self._session, self._lost = session, asyncio.get_running_loop().create_future()
            filters = self._board.filters() + ([CONTROL_ANSWERS] if self._name == CONTROLLER else [])
            await self._subscribe(client, filters)
            self._client = client
            self.counts.connected = True
            log.info("broker_connected", address=self._address.url, name=self._name)
            hooks = asyncio.create_task(self._board.connected(), name=f"connected {self._name}")
            gone = asyncio.create_task(_until_gone(client), name=f"connection {self._name}")
            try:
                await asyncio.wait((gone, self._refused), return_when=asyncio.FIRST_COMPLETED)
                (gone if gone.done() else self._refused).result()
            except asyncio.CancelledError:
                await self._say_goodbye(client)
                raise
            finally:
                self._client = None
                self.counts.connected = False
                self._lost.set_result(None)
                gone.cancel()
                hooks.cancel()
                await asyncio.gather(gone, hooks, return_exceptions=True)

    def _make_client(self, session: str, tls: ssl.SSLContext | None) -> aiomqtt.Client:
        will = will_of(self._name, session)
        topic, raw = _encoded(will, self._centre)
        client = Client(
            self._address.host,
            self._address.port,
            identifier=self._name,
            username=self._name,
            password=self._password,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=True,
            properties=properties(PacketTypes.CONNECT, SessionExpiryInterval=0),
            keepalive=KEEP_ALIVE_S,
            timeout=CONNECT_S,
            logger=silent(),
            will=aiomqtt.Will(topic, raw, QOS, retain=True),
            tls_context=tls,
            max_queued_outgoing_messages=OUTBOX,
            max_inflight_messages=IN_FLIGHT,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            # The constructor only calls it with a size, as it would the class.
            queue_type=cast("type[asyncio.Queue[aiomqtt.Message]]", partial(Inbox, self._take)),
        )
        client.awaited, client.acknowledged = self._acknowledged, self._acknowledge
        client.pending_calls_threshold = OUTBOX
        return client

    async def _subscribe(self, client: aiomqtt.Client, filters: list[str]) -> None:
        if not filters:
            return
        options = SubscribeOptions(qos=QOS, noLocal=True)
        answer = await client.subscribe([(wanted, options) for wanted in filters])
        codes = [code if isinstance(code, int) else code.value for code in answer]
        for wanted, code in zip(filters, codes, strict=True):
            if code >= 128 and wanted != CONTROL_ANSWERS:
                self.counts.refused_filters += 1
                log.error("subscription_refused", name=self._name, filter=wanted, code=code)

    async def _say_goodbye(self, client: aiomqtt.Client) -> None:
        """Say offline before leaving on purpose: the broker publishes the will after accidents only."""
        topic, raw = _encoded(will_of(self._name, self._session), self._centre)
        with contextlib.suppress(aiomqtt.MqttError):
            await client.publish(topic, raw, qos=QOS, retain=True, timeout=GOODBYE_S)

    async def _watch(self, message: Message[ControllerState]) -> None:
        """Notice another controller and give way to one that was here first; see `broker.link.split_brain`."""
        state = message.payload
        if state is None or not message.retained or not self._rival.is_another(state.session):
            return
        if not self._rival.gives_way(self._clock.monotonic()):
            log.warning("another_controller_signed_in", session=state.session)
        elif not self._refused.done():
            advice = "stop it, then start this one"
            self._refused.set_exception(LinkRefusedError(f"another controller of {self._centre} is live: {advice}"))

    # ---- arriving ----

    def _take(self, message: aiomqtt.Message) -> None:
        if len(self._inbox) >= INBOX:
            self._board.drop(Reason.OVERFLOW, None)
            return
        topic = message.topic.value
        if not self._board.admits(topic):
            self._board.drop(Reason.FLOOD, None)
            return
        self._inbox.append((topic, message.payload, message.retain, self._clock.monotonic()))
        self._woken.set()

    async def _handle(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._inbox:
                topic, raw, retained, received = self._inbox.popleft()
                if topic == CONTROL_ANSWERS:
                    self._answer(raw)
                else:
                    await self._board.deliver(topic, raw, retained=retained, received=received)

    def _answer(self, raw: bytes) -> None:
        try:
            if self._control is not None:
                self._control(raw)
        except Exception:
            log.exception("control_answer_failed")


async def _until_gone(client: aiomqtt.Client) -> None:
    async for _ in client.messages:
        pass  # the inbox takes every message before; this ends when the connection does, with its reason


def _encoded(will: Any, centre: str) -> tuple[str, bytes]:  # noqa: ANN401 - a Will of either payload
    return will.channel.topic(centre, **will.segments), will.channel.encode(will.payload)


def _code(error: MqttConnectError) -> int | None:
    value = getattr(error.rc, "value", error.rc)
    return value if isinstance(value, int) else None


def _forget(task: asyncio.Task[None]) -> None:
    """Take note of a subscription that failed with its connection: the next connect makes it anew."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.info("subscription_lost", reason=str(error))
