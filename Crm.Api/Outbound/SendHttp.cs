// One request out to somebody else's system, and of the answer its status only.

using System.Globalization;
using Crm.Domain.Deliveries;
using Crm.Domain.Resources;

namespace Crm.Api.Outbound;

public sealed class SendHttp(OutboundOptions options, OutboundGuard guard, TimeProvider clock) : IDisposable
{
    /// <summary>Bytes of an answer that are read, so that the connection can be used again; nothing of them is kept.</summary>
    const int MostRead = 64 * 1024;

    /// <summary>The answer of a receiver that is there no more.</summary>
    const int Gone = 410;

    readonly HttpClient http = new(guard.Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A GET with the delivery's id.</summary>
    public Task<TryOutcome> Get(Delivery delivery, CancellationToken stop) => Run(delivery, () => new(HttpMethod.Get, delivery.Url), stop);

    /// <summary>Never throws. Ends within the plan's timeout, or soon after <paramref name="stop"/>.</summary>
    /// <param name="made">What is sent; asked with the try's time still to begin.</param>
    /// <param name="final">Why the answer says that this is never to be tried again; null: as status codes say it.</param>
    public async Task<TryOutcome> Run(
        Delivery delivery,
        Func<HttpRequestMessage> made,
        CancellationToken stop,
        Func<HttpResponseMessage, string?>? final = null
    )
    {
        var began = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(options.Plan.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using var request = made();
            request.Headers.TryAddWithoutValidation("User-Agent", "Crm/0.1");
            request.Headers.TryAddWithoutValidation("Webhook-Id", delivery.Id.Text<Delivery>());
            if (!request.Headers.Contains("Webhook-Timestamp"))
                request.Headers.TryAddWithoutValidation(
                    "Webhook-Timestamp",
                    clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
                );
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            await ReadSome(answer, both.Token);
            var status = (int)answer.StatusCode;
            var outcome = status is >= 200 and < 300
                ? Came(AttemptResult.Delivered, status)
                : Came(AttemptResult.Refused, status, RetryAfter(answer));
            return outcome with
            {
                Final =
                    outcome.Result == AttemptResult.Delivered ? null
                    : status == Gone ? "gone"
                    : final?.Invoke(answer),
            };
        }
        catch (OperationCanceledException)
        {
            return Came(limit.IsCancellationRequested ? AttemptResult.Timeout : AttemptResult.Interrupted);
        }
        catch (Exception error)
        {
            return Came(
                error is AddressNotAllowedException || error.InnerException is AddressNotAllowedException
                    ? AttemptResult.NotAllowed
                    : AttemptResult.Unreachable
            );
        }

        TryOutcome Came(AttemptResult result, int? status = null, TimeSpan? retryAfter = null) =>
            new(result, status, retryAfter, clock.GetElapsedTime(began));
    }

    static async Task ReadSome(HttpResponseMessage answer, CancellationToken cancel)
    {
        var buffer = new byte[8 * 1024];
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        for (int read, all = 0; all < MostRead && (read = await body.ReadAsync(buffer, cancel)) > 0; all += read) { }
    }

    TimeSpan? RetryAfter(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter switch
        {
            { Delta: { } wait } when wait >= TimeSpan.Zero => wait,
            { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
            _ => null,
        };

    public void Dispose() => http.Dispose();
}
