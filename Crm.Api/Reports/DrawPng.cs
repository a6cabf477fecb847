// Makes PNG pictures, a few at a time: one takes a core and tens of megabytes for a moment, however many are asked for at once.

using System.Threading.RateLimiting;
using Crm.Api.Security;

namespace Crm.Api.Reports;

public sealed class DrawPng(RateLimits limits) : IDisposable
{
    const int AtOnce = 2,
        MostWaiting = 64;

    readonly ConcurrencyLimiter drawing = new(
        new()
        {
            PermitLimit = AtOnce,
            QueueLimit = MostWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    /// <summary>What <paramref name="draw"/> makes once it is this one's turn; null when too many wait already, which was
    /// answered.</summary>
    public async ValueTask<T?> Run<T>(HttpContext http, Func<ValueTask<T>> draw)
        where T : class
    {
        using var turn = await drawing.AcquireAsync(1, http.RequestAborted);
        if (turn.IsAcquired)
            return await draw();
        await limits.Refuse(http, turn);
        return null;
    }

    public void Dispose() => drawing.Dispose();
}
