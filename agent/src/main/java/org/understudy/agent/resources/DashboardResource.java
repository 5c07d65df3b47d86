package org.understudy.agent.resources;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.agent.Watch;
import org.understudy.alerts.Alerts;
import org.understudy.spool.Spool;

/** The dashboard: one page made here, refreshed in place where there is JavaScript and by reloading where there is none. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
public final class DashboardResource {
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> ASSETS = Map.of(
            "htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js",
            "dashboard.css", "/org/understudy/agent/resources/dashboard.css");

    private final Watches watches;
    private final Alerts alerts;
    private final Optional<Spool> spool;
    private final Clock clock;

    public DashboardResource(Watches watches, Alerts alerts, Optional<Spool> spool, Clock clock) {
        this.watches = watches;
        this.alerts = alerts;
        this.spool = spool;
        this.clock = clock;
    }

    /** Every domain. */
    @GET
    public Response dashboard() {
        return page("dashboard.ftl", "");
    }

    /** One domain; alerts link here. */
    @GET
    @Path("domains/{domain}")
    public Response domain(@PathParam("domain") String domain) {
        return page("dashboard.ftl", domain);
    }

    /** What changes, without the frame around it. */
    @GET
    @Path("now")
    public Response now(@QueryParam("domain") @DefaultValue("") String domain) {
        return page("now.ftl", domain);
    }

    /** Style and script; there is nothing else, and nothing from elsewhere. */
    @GET
    @Path("assets/{name}")
    public Response asset(@PathParam("name") String name) throws IOException {
        String resource = ASSETS.get(name);
        if (resource == null) {
            throw Problem.notFound("There is no asset " + name + ".");
        }
        try (InputStream in = DashboardResource.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw Problem.notFound("The asset " + name + " is missing from the program.");
            }
            return Response.ok(in.readAllBytes(), name.endsWith(".css") ? "text/css" : "text/javascript")
                    .header("Cache-Control", "max-age=3600")
                    .build();
        }
    }

    private Response page(String template, String domain) {
        List<Watch> shown = domain.isEmpty() ? watches.all() : List.of(watches.find(domain));
        DashboardView view = new DashboardView(
                template,
                domain.isEmpty() ? "" : "?domain=" + shown.get(0).domain().name(),
                shown.stream().map(w -> DomainDocument.of(w, clock.instant())).toList(),
                alerts.active(),
                alerts.channels(),
                spool.map(Spool::status),
                clock.instant());
        return Response.ok(view)
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-store")
                .build();
    }
}
