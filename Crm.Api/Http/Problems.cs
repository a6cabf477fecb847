// Answers every problem as application/problem+json (RFC 9457), visitors' browsers with a page, and keeps whatever is thrown below from
// reaching a caller.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Pages;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;

namespace Crm.Api.Http;

/// <summary>A route whose callers expect another tool's errors.</summary>
/// <param name="Problem">The status and the body of a problem.</param>
/// <param name="ContentType">What the body is.</param>
public sealed record AnswersProblemsAs(
    Func<ProblemCode, string, (int Status, ReadOnlyMemory<byte> Body)> Problem,
    string ContentType = "application/json"
)
{
    /// <summary>Where it depends on what the caller understands.</summary>
    public Func<HttpRequest, string>? ContentTypeFor { get; init; }

    /// <summary>How the address that is asked answers problems: also before a route is found, and for a method that it does not
    /// take.</summary>
    public static AnswersProblemsAs? At(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint route
            ? route.Metadata.GetMetadata<AnswersProblemsAs>()
            : http
                .RequestServices.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .FirstOrDefault(one =>
                    one.Metadata.GetMetadata<AnswersProblemsAs>() is not null
                    && string.Equals(one.RoutePattern.RawText, http.Request.Path, StringComparison.OrdinalIgnoreCase)
                )
                ?.Metadata.GetMetadata<AnswersProblemsAs>();
}

public sealed class Problems(RequestDelegate next, StoreOutage outage, ILogger<Problems> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            // Routing answers a wrong method with an empty 405 and an unknown address with an empty 404; callers get the same kind of
            // answer for everything. A fallback route would take the 405s for itself.
            if (http.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
                await Write(
                    http,
                    ProblemCodes.MethodNotAllowed,
                    $"{http.Request.Method} is not allowed here. Allowed: {http.Response.Headers.Allow}."
                );
            else if (http.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false } && http.GetEndpoint() is null)
                await Write(http, ProblemCodes.NotFound, "There is nothing at this address.");
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            switch (error)
            {
                case ProblemException problem:
                    await Write(http, problem);
                    break;
                case StoreUnavailableException away:
                    outage.MetByRequest(away);
                    http.Response.Headers.RetryAfter = "2";
                    await Write(http, ProblemCodes.StoreUnavailable, "Nothing was stored. Try again in a moment.");
                    break;
                case DamagedRecordException damage: // logged where it was found, once
                    await Write(http, ProblemCodes.RecordDamaged, damage.Message, [new(damage.Record, "damaged", damage.Message)]);
                    break;
                case QueryTooCostlyException:
                    await Write(
                        http,
                        ProblemCodes.QueryTooCostly,
                        "No index serves this filter and sort. Filter by an indexed field too, or sort by createdAt."
                    );
                    break;
                case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                    await Write(http, ProblemCodes.BodyTooLarge, $"The body may have at most {JsonBodyReader.MostBytes} bytes.");
                    break;
                case BadHttpRequestException:
                    await Write(http, ProblemCodes.BodyMalformed, "The request was not framed as HTTP asks.");
                    break;
                case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                    http.Abort();
                    break;
                default:
                    log.LogError(
                        error,
                        "{Method} {Route} failed",
                        http.Request.Method,
                        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "?"
                    );
                    await Write(http, ProblemCodes.Unexpected, "The error was logged. Nothing was half done.");
                    break;
            }
        }
    }

    public static Task Write(HttpContext http, ProblemCode code, string detail, IReadOnlyList<FieldError>? errors = null) =>
        Write(http, new(code, detail, errors));

    /// <summary>Writes the problem. Headers that were set stay (CORS, limits); a body that was begun does not.</summary>
    public static Task Write(HttpContext http, ProblemException problem)
    {
        var (code, detail, errors) = (problem.Code, problem.Detail, problem.Errors);
        var own = AnswersProblemsAs.At(http);
        if (own is null && ForVisitors.Is(http))
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.ETag = default;
            if (code == ProblemCodes.RateLimited && http.Response.Headers.RetryAfter.Count == 0)
                http.Response.Headers.RetryAfter = "6";
            return VisitorPages.Of(http, code.Status);
        }
        var (status, body) = own is null
            ? (code.Status, Body(http, problem))
            : own.Problem(code, errors is [{ Field.Length: > 0 } first, ..] ? $"{first.Field}: {first.Message}" : detail);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = own is null ? "application/problem+json" : own.ContentTypeFor?.Invoke(http.Request) ?? own.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ETag = default;
        if (status == StatusCodes.Status429TooManyRequests && response.Headers.RetryAfter.Count == 0)
            response.Headers.RetryAfter = "6";
        if (status == StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
            response.Headers.RetryAfter = "30";
        if (HttpMethods.IsHead(http.Request.Method))
            return Task.CompletedTask;
        return response.Body.WriteAsync(body).AsTask();
    }

    public static ReadOnlyMemory<byte> Body(HttpContext http, ProblemException problem)
    {
        var code = problem.Code;
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = JsonText.Writer(buffer);
        writer.WriteStartObject();
        writer.WriteString("type", PublicUrl.Of(http, $"/problems/{code.Code.Replace('_', '-')}"));
        writer.WriteString("title", code.Title);
        writer.WriteNumber("status", code.Status);
        writer.WriteString("code", code.Code);
        writer.WriteString("detail", problem.Detail);
        if (problem.Verb is { } verb)
            writer.WriteString("verb", verb);
        if (problem.Earliest is { } earliest)
            writer.WriteString("earliest", earliest);
        if (problem.Candidates.Count > 0)
        {
            writer.WriteStartArray("candidates");
            foreach (var candidate in problem.Candidates)
                writer.WriteStringValue(candidate);
            writer.WriteEndArray();
        }
        writer.WriteStartArray("errors");
        // A form tool takes an entry without a field as being about the whole form.
        foreach (var error in problem.Errors)
            error.Write(writer, withoutField: true);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
