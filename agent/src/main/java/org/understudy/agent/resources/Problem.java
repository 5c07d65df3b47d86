package org.understudy.agent.resources;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Errors of the API as RFC 9457 asks: {@code application/problem+json} with a title and what to do. */
final class Problem {
    private static final MediaType PROBLEM_JSON = new MediaType("application", "problem+json");

    private Problem() {}

    static WebApplicationException notFound(String detail) {
        return of(Response.Status.NOT_FOUND, "Not found", detail);
    }

    static WebApplicationException badRequest(String detail) {
        return of(Response.Status.BAD_REQUEST, "The request makes no sense", detail);
    }

    /** Whoever asks has not proved who it is (RFC 6750 section 3). */
    static WebApplicationException unauthorized(String detail) {
        return new WebApplicationException(response(Response.Status.UNAUTHORIZED, "Not authorized", detail)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build());
    }

    /** The same request may succeed later. */
    static WebApplicationException unavailable(String detail) {
        return of(Response.Status.SERVICE_UNAVAILABLE, "It cannot be done now", detail);
    }

    private static WebApplicationException of(Response.Status status, String title, String detail) {
        return new WebApplicationException(response(status, title, detail).build());
    }

    private static Response.ResponseBuilder response(Response.Status status, String title, String detail) {
        return Response.status(status)
                .type(PROBLEM_JSON)
                .entity(Map.of("title", title, "status", status.getStatusCode(), "detail", detail));
    }
}
