package org.understudy.agent.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.RecipientExplanation;
import org.understudy.spool.Spool;

/** What the spool would say to a recipient. */
@Path("/api/v1/recipients")
@Produces(MediaType.APPLICATION_JSON)
public final class RecipientResource {
    private final Spool spool;

    public RecipientResource(Spool spool) {
        this.spool = spool;
    }

    /** What would be answered now, and why. The primary is not asked, and nothing changes. */
    @GET
    @Path("/{address}")
    public RecipientExplanation explain(@PathParam("address") String address) {
        try {
            return spool.explain(ForwardPath.of(Mailbox.parse(address)));
        } catch (SmtpSyntaxException e) {
            throw Problem.badRequest("\"" + address + "\" is not an address: " + e.getMessage() + ".");
        }
    }
}
