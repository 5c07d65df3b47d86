package org.understudy.agent.resources;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.queue.DomainOrder;
import org.understudy.agent.queue.MessageDocument;
import org.understudy.agent.queue.QueueOrder;
import org.understudy.agent.queue.QueueQuery;
import org.understudy.smtp.DomainName;
import org.understudy.spool.AuditEntry;
import org.understudy.spool.DomainControl;
import org.understudy.spool.OrderResult;
import org.understudy.spool.QueueAges;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueueOperations;
import org.understudy.spool.SpoolException;

/** The spool's queue: what is in it, and what is to be done with it. Orders are JSON only, which a foreign web page cannot send. */
@Path("/api/v1/spool")
@Produces(MediaType.APPLICATION_JSON)
public final class SpoolResource {
    private static final int MOST_MESSAGES = 1000;
    private static final int MOST_ENTRIES = 10_000;

    private final QueueOperations operations;
    private final Clock clock;

    public SpoolResource(QueueOperations operations, Clock clock) {
        this.operations = operations;
        this.clock = clock;
    }

    /** Query parameters of a list; the names are those of {@link QueueQuery}. */
    public static final class ListParameters {
        @QueryParam("domain")
        private @Nullable String domain;

        @QueryParam("state")
        private @Nullable String state;

        @QueryParam("sender")
        private @Nullable String sender;

        @QueryParam("recipient")
        private @Nullable String recipient;

        @QueryParam("olderThan")
        private @Nullable String olderThan;

        @QueryParam("reply")
        private @Nullable String reply;

        private QueueQuery query() {
            return new QueueQuery(
                    Optional.ofNullable(domain),
                    Optional.ofNullable(state),
                    Optional.ofNullable(sender),
                    Optional.ofNullable(recipient),
                    Optional.ofNullable(olderThan),
                    Optional.ofNullable(reply));
        }
    }

    /**
     * A part of the queue.
     *
     * @param next what to give as {@code after} for the next part; absent at the end
     */
    public record MessageList(List<MessageDocument> messages, Optional<String> next) {}

    /** Messages that are not settled, oldest first. */
    @GET
    @Path("/messages")
    public MessageList messages(
            @BeanParam ListParameters parameters,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        return answering(() -> {
            QueueOperations.Page page = operations.list(
                    parameters.query().filter(clock),
                    Optional.ofNullable(after).map(SpoolResource::id),
                    Math.max(1, Math.min(limit, MOST_MESSAGES)));
            return new MessageList(
                    page.messages().stream().map(MessageDocument::of).toList(),
                    page.more() ? page.last().map(QueueId::text) : Optional.empty());
        });
    }

    /** One message with its envelope and what was tried. */
    @GET
    @Path("/messages/{id}")
    public MessageDocument message(@PathParam("id") String id) {
        return answering(() -> operations.find(id(id)).map(MessageDocument::of).orElseThrow(() -> notHere(id)));
    }

    /** Its content, our trace field included. */
    @GET
    @Path("/messages/{id}/content")
    @Produces("message/rfc822")
    public Response content(@PathParam("id") String id) {
        return answering(() -> {
            if (operations.find(id(id)).isEmpty()) {
                throw notHere(id);
            }
            try {
                InputStream content = operations.content(id(id)).open();
                StreamingOutput copy = out -> {
                    try (content) {
                        content.transferTo(out);
                    }
                };
                return Response.ok(copy)
                        .header("Content-Disposition", "attachment; filename=\"" + id + ".eml\"")
                        .header("X-Content-Type-Options", "nosniff")
                        .build();
            } catch (IOException e) {
                throw new SpoolException("The content of " + id + " cannot be read: " + e.getMessage(), e);
            }
        });
    }

    /** Age by domain, in minutes. */
    public record AgeTable(List<Long> limitsInMinutes, Map<String, List<Long>> domains) {}

    /** How old the queue of each domain is. */
    @GET
    @Path("/ages")
    public AgeTable ages() {
        return answering(() -> {
            QueueAges ages = operations.ages(QueueAges.USUAL_LIMITS);
            Map<String, List<Long>> domains = new TreeMap<>();
            ages.domains().forEach((domain, classes) -> domains.put(domain.text(), classes));
            return new AgeTable(
                    ages.limits().stream().map(java.time.Duration::toMinutes).toList(), domains);
        });
    }

    /** Does something to messages. */
    @POST
    @Path("/orders")
    @Consumes(MediaType.APPLICATION_JSON)
    public OrderResult order(QueueOrder order) {
        return answering(() -> operations.order(order.queueAction(), order.selection(clock), order.order()));
    }

    /** What is ordered for domains. */
    @GET
    @Path("/domains")
    public Collection<DomainControl> domains() {
        return operations.controls();
    }

    /** Freezes, thaws or reroutes a domain. */
    @POST
    @Path("/domains/{domain}/orders")
    @Consumes(MediaType.APPLICATION_JSON)
    public Collection<DomainControl> order(@PathParam("domain") String name, DomainOrder order) {
        return answering(() -> {
            DomainName domain = DomainName.parse(name);
            switch (order.action()) {
                case "freeze" -> operations.freeze(domain, order.order());
                case "thaw" -> operations.thaw(domain, order.order());
                case "reroute" -> operations.reroute(domain, order.nextHop(), order.order());
                default ->
                    throw new IllegalArgumentException(
                            "action: \"" + order.action() + "\" is none; there are freeze, thaw, reroute.");
            }
            return operations.controls();
        });
    }

    /** Thaws the lane to a next hop, as {@code host:port}, that refused mail. */
    @POST
    @Path("/lanes/{nextHop}/orders")
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, String> orderLane(@PathParam("nextHop") String nextHop, DomainOrder order) {
        return answering(() -> {
            if (!order.action().equals("thaw")) {
                throw new IllegalArgumentException("action: \"" + order.action() + "\" is none; there is thaw.");
            }
            operations.thawLane(nextHop, order.order());
            return Map.of("nextHop", nextHop, "result", "thawed");
        });
    }

    /** The newest entries of the audit log, oldest first. */
    @GET
    @Path("/audit")
    public List<AuditEntry> audit(@QueryParam("limit") @DefaultValue("100") int limit) {
        return answering(() -> operations.audit(Math.max(1, Math.min(limit, MOST_ENTRIES))));
    }

    private static <T> T answering(Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        } catch (SpoolException e) {
            throw Problem.unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static QueueId id(String text) {
        if (!QueueId.isValid(text)) {
            throw new IllegalArgumentException("\"" + text + "\" is not a queue id.");
        }
        return new QueueId(text);
    }

    private static RuntimeException notHere(String id) {
        return Problem.notFound("The message " + id + " is not in the spool, or was settled by now.");
    }
}
