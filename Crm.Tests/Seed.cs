// The seed of tests that make their cases at random: printed, so that a run can be repeated.

using Xunit.Abstractions;

namespace Crm.Tests;

static class Seed
{
    /// <summary><c>CRM_TEST_SEED</c>, or another one each time.</summary>
    public static int Of(ITestOutputHelper output)
    {
        var seed = Environment.GetEnvironmentVariable("CRM_TEST_SEED") is { } asked ? int.Parse(asked, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return seed;
    }
}
