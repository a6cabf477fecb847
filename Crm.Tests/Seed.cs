// The seed of tests that make their cases at random: always the same one unless another is asked for, and printed.

using System.Globalization;
using Xunit.Abstractions;

namespace Crm.Tests;

static class Seed
{
    /// <summary><c>CRM_TEST_SEED</c>: a number, or <c>random</c> for another one each time.</summary>
    public static int Of(ITestOutputHelper output)
    {
        var seed = Environment.GetEnvironmentVariable("CRM_TEST_SEED") switch
        {
            null => 20261128,
            "random" => Random.Shared.Next(),
            var asked => int.Parse(asked, CultureInfo.InvariantCulture),
        };
        output.WriteLine($"seed {seed}");
        return seed;
    }
}
