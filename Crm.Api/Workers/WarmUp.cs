// What the first visitor should not have to wait for: the world's phone numbers take a sixth of a second to be read for the first time.

using Crm.Domain.Values;

namespace Crm.Api.Workers;

public sealed class WarmUp : BackgroundService
{
    const string SomeNumber = "+12125550123";

    /// <summary>Beside the start, which does not wait for it. A number read once has the library's tables and code in place.</summary>
    protected override Task ExecuteAsync(CancellationToken stop) =>
        Task.Run(() => PhoneNumber.TryNormalise(SomeNumber, null, out _, out _), stop);
}
