// Tests that every store inherits: skipped, by name, in the classes of a store whose database is not there.

using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Crm.Tests.Stores;

/// <summary>On a class of tests: which line of <see cref="Crm.Tests.Needs"/> it needs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StoreNeedsAttribute(string requirement) : Attribute
{
    public string Requirement => requirement;

    /// <summary>Why the tests of a class are skipped; null when they run.</summary>
    public static string? Missing(ITestMethod method) =>
        method.TestClass.Class.ToRuntimeType().GetCustomAttributes(typeof(StoreNeedsAttribute), inherit: true)
            is [StoreNeedsAttribute needs]
            ? ((Requirement)typeof(Needs).GetField(needs.Requirement)!.GetValue(null)!).Missing
            : null;
}

[XunitTestCaseDiscoverer("Crm.Tests.Stores.StoreFactDiscoverer", "Crm.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

[XunitTestCaseDiscoverer("Crm.Tests.Stores.StoreTheoryDiscoverer", "Crm.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

public sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        StoreNeedsAttribute.Missing(method) is { } missing
            ? new SkippedStoreTest(DiagnosticMessageSink, method, missing)
            : base.CreateTestCase(options, method, fact);
}

public sealed class StoreTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions options,
        ITestMethod method,
        IAttributeInfo theory
    ) =>
        StoreNeedsAttribute.Missing(method) is { } missing
            ? [new SkippedStoreTest(DiagnosticMessageSink, method, missing)]
            : base.Discover(options, method, theory);
}

public sealed class SkippedStoreTest : XunitTestCase
{
    [Obsolete("For the runner.", error: true)]
    public SkippedStoreTest() { }

    public SkippedStoreTest(IMessageSink messages, ITestMethod method, string reason)
        : base(messages, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method) => SkipReason = reason;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Missing", SkipReason);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        base.Deserialize(data);
        SkipReason = data.GetValue<string>("Missing");
    }
}
